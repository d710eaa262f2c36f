import type { PrinterId } from '../protocol/ids.ts'
import { timeOuts } from '../protocol/time-outs.ts'
import type { Clock } from './deps.ts'

export interface RaiseDeps {
  readonly clock: Clock
  /** What is subscribed for sure. */
  readonly ids: () => readonly PrinterId[]
  /** Whether the agent is there, but does not send as one that is watched. */
  readonly needed: (id: PrinterId) => boolean
  /** Sends a `sync` that also asks the agent for a new reading. */
  readonly ask: (id: PrinterId) => void
}

interface Asking {
  readonly times: number
  readonly dueAt: number
}

const lookEvery = 1_000

/**
 * The relay tells an agent of a viewer once, at the subscribe; that frame, or the news that the
 * agent left, can be lost. So a printer that stays idle or old is asked for anew, after the waits of
 * every request (design §3.4) and then at the pace of a watched printer's silence, until it speaks.
 */
export const keepRaised = ({ clock, ids, needed, ask }: RaiseDeps): (() => void) => {
  const asking = new Map<PrinterId, Asking>()
  const waitAfter = (times: number) => timeOuts.requestRepeats[times] ?? timeOuts.silenceWatched

  const lookAt = (id: PrinterId) => {
    const now = clock.monotonic()
    const { times, dueAt } = asking.get(id) ?? { times: 0, dueAt: now + waitAfter(0) }
    if (now < dueAt) return asking.set(id, { times, dueAt })
    ask(id)
    asking.set(id, { times: times + 1, dueAt: now + waitAfter(times + 1) })
  }
  const look = () => {
    cancel = clock.after(lookEvery, look)
    const open = ids().filter(needed)
    for (const id of asking.keys()) if (!open.includes(id)) asking.delete(id)
    open.forEach(lookAt)
  }
  let cancel = clock.after(lookEvery, look)
  return () => cancel()
}
