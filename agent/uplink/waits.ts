import { backoff, timeOuts } from '../../protocol/time-outs.ts'
import { backoffMs } from '../../protocol/backoff.ts'
import type { Ended } from './dial.ts'
import { isDenied } from './describe-ended.ts'

/** How often connecting failed since the relay last answered, and how often it denied the token. */
export interface Tries {
  readonly failed: number
  readonly denied: number
}

export const noTries: Tries = { failed: 0, denied: 0 }

export const afterEnd = (tries: Tries, ended: Ended | undefined): Tries => ({
  failed: tries.failed + 1,
  denied: ended && isDenied(ended) ? tries.denied + 1 : 0,
})

/**
 * How long (ms) to wait for the next dial. A denied token is tried again ever more slowly, from
 * half a minute to ten: only a person can mend it.
 */
export const waitAfter = ({ failed, denied }: Tries, random: () => number): number => {
  if (denied === 0) return backoffMs(Math.max(0, failed - 1), random, backoff.first)
  const ceiling = Math.min(timeOuts.supersededRetry, 30_000 * 2 ** Math.min(denied, 16))
  return Math.round(ceiling * (0.5 + random() / 2))
}
