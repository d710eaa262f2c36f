import { sha256 } from './hash.ts'
import type { Ports } from './ports.ts'

const secretBytes = 32

/** 256 random bits for a link or a token, as base64url, and what is stored in their place. */
export const newSecret = (
  randomBytes: Ports['randomBytes'],
): { readonly secret: string; readonly hash: string } => {
  const secret = Buffer.from(randomBytes(secretBytes)).toString('base64url')
  return { secret, hash: sha256(secret) }
}
