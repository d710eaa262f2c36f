import type { PrinterId } from '../protocol/ids.ts'
import type { EventPage } from '../protocol/rest-events.ts'
import { backoffMs } from '../protocol/backoff.ts'
import type { ClientDeps } from './deps.ts'
import { waitAsked } from './errors.ts'
import type { Rest } from './rest.ts'

export interface EventPagerDeps extends Pick<ClientDeps, 'clock' | 'random'> {
  readonly rest: Pick<Rest, 'events'>
  /** Whose events are followed now. */
  readonly ids: () => readonly PrinterId[]
  /** The last event shown; undefined before the first page. */
  readonly cursor: (id: PrinterId) => number | undefined
  /** The head of the log, as far as anything told of it. */
  readonly head: (id: PrinterId) => number
  /** A page came, asked for from `after` (undefined: the newest). */
  readonly took: (id: PrinterId, page: EventPage, after: number | undefined) => void
  readonly failed: (id: PrinterId, error: unknown) => void
}

/** Brings by REST what the socket did not: the first page, and what is missing before the head. */
export interface EventPager {
  /** Heads, cursors or what is followed may have changed. */
  look(): void
  /** Something may have happened of which no frame told. */
  check(id: PrinterId): void
  stop(): void
}

/** An event on its way when a frame that names it came first, ms. */
const grace = 1_000
/** How much of the past is shown at first. */
const firstPage = 50

/** Requests that follow one another; one that is not its printer's any more does nothing. */
interface Chain {
  cancel: () => void
}

export const createEventPager = (deps: EventPagerDeps): EventPager => {
  const { clock, rest } = deps
  /** The one chain of requests of each printer that is planned or under way. */
  const chains = new Map<PrinterId, Chain>()
  const doubted = new Set<PrinterId>()

  const needed = (id: PrinterId) => {
    const cursor = deps.cursor(id)
    return cursor === undefined || deps.head(id) > cursor || doubted.has(id)
  }
  const begin = (id: PrinterId) => {
    const chain: Chain = { cancel: () => {} }
    chains.set(id, chain)
    plan(id, chain, deps.cursor(id) === undefined ? 0 : grace, 0)
  }
  const plan = (id: PrinterId, chain: Chain, ms: number, attempt: number) => {
    chain.cancel = clock.after(ms, () => {
      if (needed(id)) void ask(id, chain, attempt)
      else chains.delete(id)
    })
  }
  const ask = async (id: PrinterId, chain: Chain, attempt: number) => {
    const isOver = () => chains.get(id) !== chain
    const after = deps.cursor(id)
    const doubt = doubted.delete(id)
    chain.cancel = () => {
      if (doubt) doubted.add(id)
    }
    try {
      const page = await rest.events(id, after === undefined ? { limit: firstPage } : { after })
      if (isOver()) return
      deps.took(id, page, after)
      // What it brought may have ended the chain, and begun another.
      if (isOver()) return
      // Whatever claimed a head that the log does not have must not make this spin.
      if (needed(id) && deps.cursor(id) === after) return retry(id, chain, attempt, 0)
    } catch (error) {
      if (isOver()) return
      doubted.add(id)
      deps.failed(id, error)
      if (isOver()) return
      return retry(id, chain, attempt, waitAsked(error))
    }
    chains.delete(id)
    look()
  }
  const retry = (id: PrinterId, chain: Chain, attempt: number, atLeast: number) => {
    plan(id, chain, Math.max(atLeast, backoffMs(attempt + 1, deps.random)), attempt + 1)
  }
  const end = (id: PrinterId, { cancel }: Chain) => {
    chains.delete(id)
    cancel()
  }
  const look = () => {
    const ids = deps.ids()
    for (const [id, chain] of chains) if (!ids.includes(id)) end(id, chain)
    for (const id of ids) if (!chains.has(id) && needed(id)) begin(id)
  }
  return {
    look,
    check: (id) => {
      doubted.add(id)
      look()
    },
    stop: () => {
      for (const [id, chain] of chains) end(id, chain)
    },
  }
}
