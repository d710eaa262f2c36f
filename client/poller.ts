import type { PrinterId } from '../protocol/ids.ts'
import type { PrinterView } from '../protocol/rest.ts'
import type { ClientDeps } from './deps.ts'
import { waitAsked } from './errors.ts'
import type { Rest } from './rest.ts'
import { createRounds, type Rounds } from './rounds.ts'

export interface PollerDeps extends Pick<ClientDeps, 'clock' | 'random'> {
  readonly rest: Pick<Rest, 'printer'>
  /** What to poll now; nothing while the socket serves, or nobody looks. */
  readonly ids: () => readonly PrinterId[]
  /** An answer came; `view` is absent when nothing has changed. */
  readonly answered: (id: PrinterId, view: PrinterView | undefined) => void
  readonly failed: (id: PrinterId, error: unknown) => void
}

export interface Poller extends Rounds {
  /** One whole answer for this printer, soon: also the relay's clock, which no 304 tells. */
  once(id: PrinterId): void
}

/** Between two rounds, ms, ± a fifth at random. */
export const pollPace = 5_000

/** The way by REST while the socket cannot be had: each printer with its ETag. */
export const createPoller = (deps: PollerDeps): Poller => {
  const etags = new Map<PrinterId, string>()

  const poll = async (id: PrinterId): Promise<number> => {
    try {
      const answer = await deps.rest.printer(id, etags.get(id))
      if (answer.kind === 'view') {
        if (answer.etag === undefined) etags.delete(id)
        else etags.set(id, answer.etag)
      }
      deps.answered(id, answer.kind === 'view' ? answer.view : undefined)
      return 0
    } catch (error) {
      deps.failed(id, error)
      return waitAsked(error)
    }
  }
  const rounds = createRounds({
    ...{ clock: deps.clock, random: deps.random, pace: pollPace },
    due: () => deps.ids().length > 0,
    ask: async () => Math.max(0, ...(await Promise.all(deps.ids().map(poll)))),
  })
  return {
    ...rounds,
    once: (id) => {
      etags.delete(id)
      void poll(id)
    },
  }
}
