import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { peerAddress } from './request-facts.ts'

const credential =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/[^,]+,\s*SignedHeaders=[^,]+,\s*Signature=[0-9a-f]{64}$/

const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.')

/** Compares in a time that tells nothing of where two texts differ. */
const sameText = (one: string, other: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/**
 * Whether the caller may post: from this machine, and with the run's own access key id. The id is
 * random for each run and so does the secret's work; the signature is looked at for its form only,
 * which catches a client that forgot to sign.
 */
export const mayManage = (request: IncomingMessage, accessKeyId: string): boolean => {
  if (!isLoopback(peerAddress(request))) return false
  const match = credential.exec(request.headers.authorization ?? '')
  return match?.[1] !== undefined && sameText(match[1], accessKeyId)
}
