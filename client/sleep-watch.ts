import type { Clock } from './deps.ts'

/** How often it looks, ms. */
const every = 10_000
/** A timer that is late by more than this, ms, is explained by no scheduler. */
const lateness = 10_000

/**
 * Calls `woke` when the machine seems to have slept: the wall clock went on without the monotonic
 * one, or a timer came far too late. A false alarm costs one ping and one request for each printer.
 */
export const watchForSleep = (clock: Clock, woke: () => void): (() => void) => {
  const mark = () => ({ wall: clock.now(), steady: clock.monotonic() })
  let last = mark()
  let cancel = () => {}
  const look = () => {
    const now = mark()
    const passed = Math.max(now.wall - last.wall, now.steady - last.steady)
    last = now
    cancel = clock.after(every, look)
    if (passed > every + lateness) woke()
  }
  cancel = clock.after(every, look)
  return () => cancel()
}
