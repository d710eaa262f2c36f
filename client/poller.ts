import type { PrinterId } from '../protocol/ids.ts'
import type { PrinterView } from '../protocol/rest.ts'
import type { ClientDeps } from './deps.ts'
import { RequestError } from './errors.ts'
import type { Rest } from './rest.ts'

export interface PollerDeps extends Pick<ClientDeps, 'clock' | 'random'> {
  readonly rest: Pick<Rest, 'printer'>
  /** What to poll now; nothing while the socket serves, or nobody looks. */
  readonly ids: () => readonly PrinterId[]
  /** An answer came; `view` is absent when nothing has changed. */
  readonly answered: (id: PrinterId, view: PrinterView | undefined) => void
  readonly failed: (id: PrinterId, error: unknown) => void
}

export interface Poller {
  /** What there is to poll may have changed. */
  readonly look: () => void
  /** One whole answer for this printer, soon: also the relay's clock, which no 304 tells. */
  once(id: PrinterId): void
  stop(): void
}

/** Between two rounds, ms, ± a fifth at random. */
const pace = 5_000

/** The way by REST while the socket cannot be had: one round at a time, each printer with its ETag. */
export const createPoller = (deps: PollerDeps): Poller => {
  const etags = new Map<PrinterId, string>()
  let busy = false
  let run = 0
  let cancel = () => {}

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
      return error instanceof RequestError ? (error.retryAfter ?? 0) : 0
    }
  }
  const round = async (mine: number) => {
    const waits = await Promise.all(deps.ids().map(poll))
    if (mine !== run) return
    const pause = Math.max(Math.ceil(pace * (0.8 + 0.4 * deps.random())), ...waits)
    cancel = deps.clock.after(pause, () => {
      busy = false
      look()
    })
  }
  const look = () => {
    if (busy || deps.ids().length === 0) return
    busy = true
    void round(run)
  }
  const stop = () => {
    run++
    busy = false
    cancel()
  }
  return {
    look,
    once: (id) => {
      etags.delete(id)
      void poll(id)
    },
    stop,
  }
}
