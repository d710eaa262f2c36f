import type { ExternalIssuer } from './issuer-config.ts'
import type { SignIn } from './sign-in.ts'

/** Sign-in at an issuer that somebody else runs; nothing is made in the account. */
export const externalSignIn = (config: ExternalIssuer): SignIn => ({
  issuer: config.issuer,
  clientId: config.clientId,
  audience: config.audience,
  requiredScopes: config.scope === undefined ? [] : [config.scope],
  scope: [
    'openid email profile',
    ...(config.offlineAccess ? ['offline_access'] : []),
    ...(config.scope === undefined ? [] : [config.scope]),
  ].join(' '),
  resource: config.resource,
  token: config.token,
})

/** Where the viewer's page connects to when people sign in there. */
export const externalSources = ({ issuer, endpoints }: ExternalIssuer): readonly string[] => [
  new URL(issuer).origin,
  ...endpoints,
]
