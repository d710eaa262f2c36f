import type { Clock } from './deps.ts'

/** What `setTimeout` can count to; nothing of ours waits that long. */
const longestTimer = 2 ** 31 - 1

/** The clocks and timers of the machine, which browsers and Node name alike. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, fn) => {
    const timer = setTimeout(fn, Math.min(ms, longestTimer))
    return () => clearTimeout(timer)
  },
}
