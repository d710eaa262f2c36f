import type { Configuration, Grant, KoaContextWithOIDC } from 'oidc-provider'
import type { Account, Accounts } from './accounts.ts'
import { recordsAdapter } from './adapter.ts'
import type { IssuerKeys } from './keys.ts'
import { messagePage, pageHeaders, signOutPage } from './pages.ts'
import type { Records } from './records.ts'

export const clientId = 'fluxrelay-viewer'
export const audience = 'fluxrelay'
/** What lets an access token in at the relay's API. */
export const watchScope = 'fluxrelay/watch'
/** RFC 8707 wants an address; the audience in the token is the plain name. */
const relayApi = 'urn:fluxrelay:api'
const identityScopes = 'openid offline_access profile email'

/** In seconds. Whoever comes back within two weeks is still signed in. */
const lifetimes = {
  AccessToken: 60 * 60,
  AuthorizationCode: 60,
  Grant: 14 * 24 * 3600,
  IdToken: 60 * 60,
  Interaction: 10 * 60,
  RefreshToken: 14 * 24 * 3600,
  Session: 14 * 24 * 3600,
} as const

export interface ConfigurationDeps {
  readonly mount: string
  readonly secure: boolean
  readonly keys: IssuerKeys
  readonly records: Records
  readonly accounts: Accounts
  readonly redirectUris: readonly string[]
  readonly postLogoutRedirectUris: readonly string[]
  readonly formTargets: readonly string[]
  readonly now: () => number
  readonly usedTwice: () => Error
}

/** One public client of our own, code + PKCE, tokens that a JWT-guarded API accepts. */
export function configuration(deps: ConfigurationDeps): Configuration {
  const { accounts, keys, secure } = deps
  const cookie = { signed: true, httpOnly: true, sameSite: 'lax', secure } as const
  return {
    adapter: (model) => recordsAdapter(model, deps),
    jwks: { keys: [keys.signing] },
    cookies: {
      keys: [...keys.cookies],
      long: { ...cookie, path: deps.mount },
      short: cookie,
    },
    clients: [viewerClient(deps)],
    scopes: identityScopes.split(' '),
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    ttl: lifetimes,
    clientBasedCORS: (_, origin) => deps.formTargets.includes(origin),
    findAccount: async (_, sub) => {
      const account = await accounts.find(sub)
      return account && { accountId: sub, claims: async () => claimsOf(account) }
    },
    extraTokenClaims: async (_, token) => {
      const sub = 'accountId' in token ? token.accountId : undefined
      const account = sub === undefined ? undefined : await accounts.find(sub)
      return account && claimsOf(account)
    },
    loadExistingGrant: ownGrant,
    // Ours signs in for good: not only when a page asks for consent again.
    issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
    // A rotated token whose answer was lost, or two tabs that renew at once, would sign people out.
    rotateRefreshToken: false,
    interactions: {
      url: (_, { uid }) => `${deps.mount}/interaction/${uid}`,
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: logout(deps.formTargets),
      resourceIndicators: {
        enabled: true,
        defaultResource: () => relayApi,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: watchScope,
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: lifetimes.AccessToken,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    renderError: (ctx, { error, error_description: description }) => {
      ctx.set(pageHeaders(deps.formTargets))
      ctx.body = messagePage('That did not work', `${error}: ${description ?? 'no details'}.`)
    },
  }
}

const claimsOf = ({ sub, email, name }: Account) => ({ sub, email, email_verified: true, name })

const viewerClient = ({ redirectUris, postLogoutRedirectUris }: ConfigurationDeps) => ({
  client_id: clientId,
  client_name: 'FluxRelay',
  application_type: 'web' as const,
  token_endpoint_auth_method: 'none' as const,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
  redirect_uris: [...redirectUris],
  post_logout_redirect_uris: [...postLogoutRedirectUris],
})

/** Consent is ours to give: the only client is our own viewer. */
async function ownGrant(ctx: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { provider, session, client } = ctx.oidc
  if (session?.accountId === undefined || client === undefined) return undefined
  const known = session.grantIdFor(client.clientId)
  const kept = known === undefined ? undefined : await provider.Grant.find(known)
  const grant =
    kept ?? new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  grant.addOIDCScope(identityScopes)
  grant.addResourceScope(relayApi, watchScope)
  // Anew, so that no refresh token outlives the grant it belongs to.
  grant.exp = undefined
  await grant.save()
  return grant
}

const logout = (formTargets: readonly string[]) => ({
  enabled: true,
  logoutSource: (ctx: KoaContextWithOIDC, form: string): void => {
    ctx.set(pageHeaders(formTargets))
    ctx.body = signOutPage(form)
  },
  postLogoutSuccessSource: (ctx: KoaContextWithOIDC): void => {
    ctx.set(pageHeaders(formTargets))
    ctx.body = messagePage('Signed out', 'You are signed out of FluxRelay in this browser.')
  },
})
