import type { PrinterList } from '../protocol/rest.ts'
import type { ClientDeps } from './deps.ts'
import { waitAsked } from './errors.ts'
import type { Rest } from './rest.ts'
import { createRounds, type Rounds } from './rounds.ts'

export interface ListerDeps extends Pick<ClientDeps, 'clock' | 'random'> {
  readonly rest: Pick<Rest, 'printers'>
  /** Whether anything is watched, and looked at, that the link cannot carry. */
  readonly due: () => boolean
  readonly answered: (list: PrinterList) => void
  readonly failed: (error: unknown) => void
}

/** What the link cannot carry (docs/decisions/beyond-the-link.md), in one request for all of it. */
export interface Lister extends Rounds {
  /** How long (ms) no request has succeeded any more; 0: the last one did, or none ended yet. */
  failingFor(): number
}

/** Between two lists, ms, ± a fifth at random. */
export const listPace = 30_000

export const createLister = (deps: ListerDeps): Lister => {
  const { clock, random, rest, due } = deps
  let failingSince: number | undefined

  const ask = async (): Promise<number> => {
    try {
      const list = await rest.printers()
      failingSince = undefined
      deps.answered(list)
      return 0
    } catch (error) {
      failingSince ??= clock.monotonic()
      deps.failed(error)
      return waitAsked(error)
    }
  }
  return {
    ...createRounds({ clock, random, pace: listPace, due, ask }),
    failingFor: () => (failingSince === undefined ? 0 : clock.monotonic() - failingSince),
  }
}
