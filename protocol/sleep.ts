/** What the watch asks of a clock; both programs' own have it. */
interface WatchedClock {
  /** The wall clock, ms since 1970. */
  now(): number
  /** Never goes back, ms. */
  monotonic(): number
  /** Calls `run` once after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void
}

/** How often a program looks at its clocks, ms: a sleep is noticed so soon after it. */
const every = 10_000
/** A timer that is late by more than this, ms, is explained by no scheduler. */
const lateness = 10_000

/**
 * Calls `woke` when the machine seems to have slept: its wall clock went on without the monotonic
 * one, or a timer came far too late. A wall clock that is set forward looks the same, and so does a
 * hidden page whose timers a browser throttles, so that whoever is called must only ask, not doubt.
 * The answer stops looking.
 */
export const watchForSleep = (clock: WatchedClock, woke: () => void): (() => void) => {
  const mark = () => ({ wall: clock.now(), steady: clock.monotonic() })
  let last = mark()
  const look = () => {
    const now = mark()
    const passed = Math.max(now.wall - last.wall, now.steady - last.steady)
    last = now
    cancel = clock.after(every, look)
    if (passed > every + lateness) woke()
  }
  let cancel = clock.after(every, look)
  return () => cancel()
}
