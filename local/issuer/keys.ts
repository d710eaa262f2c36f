import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import * as z from 'zod/mini'
import { readPrivate, writePrivate } from './private-file.ts'

const text = z.string().check(z.minLength(1))
const signingKeySchema = z.object({
  kty: z.literal('RSA'),
  kid: text,
  alg: z.literal('RS256'),
  use: z.literal('sig'),
  n: text,
  e: text,
  d: text,
  p: text,
  q: text,
  dp: text,
  dq: text,
  qi: text,
})
const keysSchema = z.object({
  signing: signingKeySchema,
  cookies: z.array(text).check(z.minLength(1)),
})
export type IssuerKeys = z.infer<typeof keysSchema>

/** The keys of this installation, made on the first start and kept in `keys.json`. */
export async function issuerKeys(dataDir: string): Promise<IssuerKeys> {
  const file = join(dataDir, 'keys.json')
  const kept = await readPrivate(file, keysSchema)
  if (kept !== undefined) return kept
  const made = { signing: await signingKey(), cookies: [randomBytes(32).toString('base64url')] }
  await writePrivate(file, made)
  return made
}

/** RS256, for API Gateway's JWT authorizer takes RSA only. */
async function signingKey(): Promise<IssuerKeys['signing']> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  const kid = await calculateJwkThumbprint(jwk)
  return signingKeySchema.parse({ ...jwk, kid, alg: 'RS256', use: 'sig' })
}

/** What may be known of the signing key. */
export const publicKey = ({ signing }: IssuerKeys): JWK => {
  const { kty, kid, alg, use, n, e } = signing
  return { kty, kid, alg, use, n, e }
}
