/**
 * A throttle of `perSecond` with room for `burst` at once; `take` says whether one more may pass.
 * Time may stand still or go back (a corrected clock): then nothing is refilled.
 */
export const createTokenBucket = (perSecond: number, burst: number, now: () => number) => {
  let tokens = burst
  let at = now()
  return {
    take(): boolean {
      const time = now()
      tokens = Math.min(burst, tokens + (Math.max(0, time - at) * perSecond) / 1000)
      at = time
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}

export type TokenBucket = Pick<ReturnType<typeof createTokenBucket>, 'take'>

/** A throttle that lets everything pass. */
export const noThrottle: TokenBucket = { take: () => true }
