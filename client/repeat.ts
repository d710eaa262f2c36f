import { timeOuts } from '../protocol/time-outs.ts'
import type { Clock } from './deps.ts'

/**
 * Asks at once and again after 3 s, 6 s and 12 s; 12 s later it gives up (design §3.4). Returns how
 * to cancel: the answer came.
 */
export const askRepeatedly = (clock: Clock, ask: () => void, giveUp: () => void): (() => void) => {
  let cancel = () => {}
  const [, , last] = timeOuts.requestRepeats
  const next = (round: number) => {
    const ms = timeOuts.requestRepeats[round]
    cancel =
      ms === undefined
        ? clock.after(last, giveUp)
        : clock.after(ms, () => {
            next(round + 1)
            ask()
          })
  }
  next(0)
  ask()
  return () => cancel()
}
