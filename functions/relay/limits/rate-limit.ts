import { absent, equal, type Condition } from '../table/condition.ts'
import { RelayError, type About } from '../errors.ts'
import { expirySeconds } from '../table/expiry.ts'
import { bucketKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'

/**
 * A token bucket as one number: when it will be full again (the "theoretical arrival time" of the
 * generic cell rate algorithm, ITU-T I.371 annex A). A full bucket needs no item at all, so those
 * that nobody uses expire by themselves.
 */
export interface Bucket {
  /** One token comes back every so many ms. */
  readonly everyMs: number
  /** So many can be taken at once. */
  readonly burst: number
}

export type Taken =
  | { readonly taken: true; readonly fullAt: number }
  | { readonly taken: false; readonly retryAfter: number }

/** Takes a token from a bucket that is full again at `fullAt` (ms since 1970), or says when one is there. */
export const takeFrom = (
  { everyMs, burst }: Bucket,
  fullAt: number | undefined,
  now: number,
): Taken => {
  const next = Math.max(fullAt ?? now, now) + everyMs
  const over = next - now - everyMs * burst
  return over <= 0 ? { taken: true, fullAt: next } : { taken: false, retryAfter: over }
}

/** Several at once see each other's writes after so many tries; then the bucket counts as empty. */
const tries = 4

const unchanged = (fullAt: number | undefined): Condition =>
  fullAt === undefined ? absent('fullAt') : equal('fullAt', fullAt)

/**
 * Takes a token from the bucket of `who`, or refuses with when to try again. Costs one read and one
 * write, so it is for what is rare; frames have their buckets on items that they write anyway.
 */
export const takeToken = async (
  ports: Ports,
  who: string,
  bucket: Bucket,
  what: string,
): Promise<void> => {
  const key = bucketKey(who)
  for (let round = 0; round < tries; round += 1) {
    const now = ports.now()
    const item = await ports.live.get(key)
    const held = typeof item?.['fullAt'] === 'number' ? item['fullAt'] : undefined
    const taken = takeFrom(bucket, held, now)
    if (!taken.taken) throw rateLimited(what, taken.retryAfter)
    const { fullAt } = taken
    const fresh = { ...key, fullAt, expiresAt: expirySeconds(fullAt) }
    if ((await ports.live.put(fresh, unchanged(held))) === 'done') return
  }
  throw rateLimited(what, bucket.everyMs)
}

export const rateLimited = (what: string, retryAfter: number, about: About = {}): RelayError =>
  new RelayError(
    'rate_limited',
    `Too many ${what}: try again in ${Math.ceil(retryAfter / 1000)} s.`,
    about,
    retryAfter,
  )
