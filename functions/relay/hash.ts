import { createHash, timingSafeEqual } from 'node:crypto'

/** What is stored in place of a ticket or token: 256 random bits need no salt and no stretching. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
