import type { Faults } from './faults.ts'
import type { Timers } from './timers.ts'

export interface Lane {
  /** Delivers now, or as the faults of the moment have it. */
  pass(deliver: () => void): void
}

export interface LaneDeps {
  readonly faults: Faults
  readonly which: 'messages' | 'posts'
  readonly timers: Timers
}

/** One direction of one connection. Without faults it delivers at once and keeps nothing. */
export const createLane = ({ faults, which, timers }: LaneDeps): Lane => {
  let release: (() => void) | undefined

  const hold = (deliver: () => void, holdMs: number) => {
    const free = () => {
      release = undefined
      cancel()
      deliver()
    }
    // The last message of a connection has no successor to overtake it, so the hold ends by itself.
    const cancel = timers.after(holdMs, free)
    release = free
  }

  return {
    pass(deliver) {
      const plan = faults.plan()[which]
      if (faults.happens(plan.drop)) return
      if (faults.happens(plan.repeat)) deliver()
      if (faults.happens(plan.delay)) {
        timers.after(faults.upTo(plan.delayMs), deliver)
        return
      }
      if (release === undefined && faults.happens(plan.reorder)) {
        hold(deliver, plan.holdMs)
        return
      }
      deliver()
      release?.()
    },
  }
}
