import type { Ending } from './endings.ts'
import type { ConnectionFacts } from './events.ts'
import type { Faults } from './faults.ts'
import type { Timers } from './timers.ts'

export interface FarewellDeps {
  readonly faults: Faults
  readonly timers: Timers
  readonly disconnect: (facts: ConnectionFacts, ending: Ending) => void
}

/** `$disconnect` as best effort: usually at once, with faults late or never. */
export const createFarewells = ({ faults, timers, disconnect }: FarewellDeps) => {
  const late = new Set<() => void>()

  const postpone = (run: () => void, ms: number) => {
    const due = () => {
      late.delete(due)
      cancel()
      run()
    }
    const cancel = timers.after(ms, due)
    late.add(due)
  }

  return {
    say(facts: ConnectionFacts, ending: Ending): void {
      const plan = faults.plan()
      if (faults.happens(plan.loseDisconnect)) return
      const run = () => disconnect(facts, ending)
      if (faults.happens(plan.lateDisconnect)) postpone(run, plan.lateDisconnectMs)
      else run()
    },
    /** Says at once what was postponed: nothing may come after the end of the gateway. */
    hurry(): void {
      for (const due of [...late]) due()
    },
  }
}
