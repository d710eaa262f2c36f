import { seemsSlept, sleepLookEvery } from '../protocol/sleep.ts'
import type { Clock } from './clock.ts'

/** Calls `woke` when the machine seems to have slept; the answer stops looking. */
export const watchForSleep = (clock: Clock, woke: () => void): (() => void) => {
  const both = () => ({ wall: clock.now(), steady: clock.monotonic() })
  let last = both()
  const look = () => {
    const now = both()
    const slept = seemsSlept(last, now)
    last = now
    cancel = clock.after(sleepLookEvery, look)
    if (slept) woke()
  }
  let cancel = clock.after(sleepLookEvery, look)
  return () => cancel()
}
