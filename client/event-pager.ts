import type { PrinterId } from '../protocol/ids.ts'
import type { EventPage } from '../protocol/rest-events.ts'
import { backoffMs } from '../protocol/backoff.ts'
import type { ClientDeps } from './deps.ts'
import { RequestError } from './errors.ts'
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

export const createEventPager = (deps: EventPagerDeps): EventPager => {
  const { clock, rest } = deps
  /** What is planned or asked, by printer: how to cancel it. */
  const under = new Map<PrinterId, () => void>()
  const doubted = new Set<PrinterId>()
  let run = 0

  const needed = (id: PrinterId) => {
    const cursor = deps.cursor(id)
    return cursor === undefined || deps.head(id) > cursor || doubted.has(id)
  }
  const plan = (id: PrinterId, ms: number, attempt: number) => {
    const cancel = clock.after(ms, () => {
      if (needed(id)) void ask(id, attempt)
      else under.delete(id)
    })
    under.set(id, cancel)
  }
  const ask = async (id: PrinterId, attempt: number) => {
    const mine = run
    const after = deps.cursor(id)
    under.set(id, () => {})
    doubted.delete(id)
    try {
      const wish = after === undefined ? { limit: firstPage } : { after }
      const page = await rest.events(id, wish)
      if (mine !== run) return
      deps.took(id, page, after)
      // Whatever claimed a head that the log does not have must not make this spin.
      if (needed(id) && deps.cursor(id) === after) return retry(id, attempt, 0)
    } catch (error) {
      if (mine !== run) return
      doubted.add(id)
      deps.failed(id, error)
      return retry(id, attempt, error instanceof RequestError ? (error.retryAfter ?? 0) : 0)
    }
    under.delete(id)
    look()
  }
  const retry = (id: PrinterId, attempt: number, atLeast: number) =>
    plan(id, Math.max(atLeast, backoffMs(attempt + 1, deps.random)), attempt + 1)

  const look = () => {
    const ids = deps.ids()
    for (const [id, cancel] of under)
      if (!ids.includes(id)) {
        cancel()
        under.delete(id)
      }
    for (const id of ids)
      if (!under.has(id) && needed(id)) plan(id, deps.cursor(id) === undefined ? 0 : grace, 0)
  }
  return {
    look,
    check: (id) => {
      doubted.add(id)
      look()
    },
    stop: () => {
      run++
      for (const cancel of under.values()) cancel()
      under.clear()
    },
  }
}
