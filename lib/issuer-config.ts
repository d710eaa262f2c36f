import * as z from 'zod'
import { fields, issuerUrlSchema, list, originSchema, text } from './config-fields.ts'

const word = text(/^\S+$/, 'a text without spaces')
const scopes = text(/^\S+( \S+)*$/, 'scopes with one space between them')

/** People from another OIDC issuer sign in through Cognito, which holds the client secret. */
export const federationSchema = fields({
  name: text(/^[A-Za-z0-9_-]{3,32}$/, 'a name of 3 to 32 letters, digits, - and _'),
  issuer: issuerUrlSchema,
  clientId: word,
  /** The secret itself never stands in a configuration or a template. */
  clientSecretArn: text(
    /^arn:aws[\w-]*:secretsmanager:[\w-]+:\d{12}:secret:\S+$/,
    'the ARN of a Secrets Manager secret that holds the client secret as plain text',
  ),
  scope: z.prefault(scopes, 'openid email'),
})

export const cognitoSchema = fields({
  kind: z.literal('cognito'),
  /** `<prefix>.auth.<region>.amazoncognito.com`; taken worldwide only once. */
  domainPrefix: z.optional(
    text(
      /^(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      'up to 63 small letters, digits and -, without aws, amazon and cognito',
    ),
  ),
  mfa: z.prefault(
    z.enum(['optional', 'required'], { error: '"optional" or "required"' }),
    'optional',
  ),
  federation: z.optional(federationSchema),
})

export const externalIssuerSchema = fields({
  kind: z.literal('external'),
  issuer: issuerUrlSchema,
  /** The viewer's client at the issuer: public, code + PKCE, no secret. */
  clientId: word,
  /** What the `aud` (or `client_id`) of its tokens must be, one of these. */
  audience: list(word, 'a list of at least one audience').min(1, {
    error: 'a list of at least one audience',
  }),
  /** What an access token's `scope` must contain. */
  scope: z.optional(word),
  /** Asked for as `resource` (RFC 8707) where the issuer needs it to give a JWT. */
  resource: z.optional(word),
  /** Origins besides the issuer's that the page talks to: its token and key endpoints. */
  endpoints: z.prefault(list(originSchema, 'a list of origins'), []),
  /** Whether the viewer asks for `offline_access`, which most issuers need to renew a sign-in. */
  offlineAccess: z.prefault(z.boolean({ error: 'true or false' }), true),
  /** Which token the viewer shows to the HTTP API; it must be a JWT. */
  token: z.enum(['access', 'id'], { error: '"access" or "id"' }),
})
  .refine(({ token, scope }) => token === 'id' || scope !== undefined, {
    path: ['scope'],
    error: 'the scope that its access tokens must carry, since token is "access"',
  })
  .refine(({ token, scope }) => token === 'access' || scope === undefined, {
    path: ['scope'],
    error: 'nothing, since id tokens carry no scope',
  })
  .refine(({ token, audience, clientId }) => token === 'access' || audience.includes(clientId), {
    path: ['audience'],
    error: 'the clientId among them, since it is the `aud` of an id token',
  })

export const issuerSchema = z.prefault(
  z.discriminatedUnion('kind', [cognitoSchema, externalIssuerSchema], {
    error: 'an object with kind "cognito" or "external"',
  }),
  { kind: 'cognito' },
)

export type CognitoConfig = z.infer<typeof cognitoSchema>
export type ExternalIssuer = z.infer<typeof externalIssuerSchema>
