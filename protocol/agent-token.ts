import * as z from 'zod/mini'

/** `frp_<printerId>_<secret>`: the secret is 256 random bits in base64url. */
export const agentTokenSchema = z
  .string()
  .check(z.regex(/^frp_[A-Za-z0-9-]{1,40}_[A-Za-z0-9_-]{43}$/))

/** The printer that a well-formed token is for; the token still has to be checked. */
export const printerOfToken = (token: string): string | undefined =>
  agentTokenSchema.safeParse(token).success ? token.split('_')[1] : undefined
