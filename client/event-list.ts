import type { LoggedEvent } from '../protocol/printer-event.ts'
import type { EventPage } from '../protocol/rest-events.ts'

/** A printer's events as far as they were shown, each once and in order (EVENT-4). */
export interface EventList {
  /** The last event shown; undefined before the first page came. */
  readonly cursor: number | undefined
  /** The newest of those shown, oldest first. */
  readonly shown: readonly LoggedEvent[]
  /** What came while something before it is missing, by `n`. */
  readonly early: readonly LoggedEvent[]
}

export const emptyEventList: EventList = { cursor: undefined, shown: [], early: [] }

/** What is kept to be looked at; the log itself has the rest. */
export const eventsKept = 200
/** Beyond this the pages bring them anyway. */
const mostEarly = 100

/** Takes one event of the socket: shows `cursor + 1`, ignores what was shown, keeps what is early. */
export const takeEvent = (list: EventList, event: LoggedEvent): EventList => {
  if (list.cursor !== undefined && event.n <= list.cursor) return list
  return settled(list, list.cursor, merged(list.early, [event]))
}

/**
 * Takes a page that was asked for from a cursor. It says for sure what lies up to `next`: what is
 * not among its events has expired, unless the socket brought it before.
 */
export const takePage = (list: EventList, { events, next }: EventPage): EventList =>
  settled(list, Math.max(list.cursor ?? 0, next), merged(list.early, events))

/** The first page, the newest of the log; later ones of that kind say nothing new. */
export const takeNewest = (list: EventList, page: EventPage): EventList =>
  list.cursor === undefined ? takePage(list, page) : list

/** Shows all up to `sure`, and then what follows without a gap. */
const settled = (
  { cursor, shown }: EventList,
  sure: number | undefined,
  known: readonly LoggedEvent[],
): EventList => {
  if (sure === undefined) return { cursor, shown, early: known.slice(0, mostEarly) }
  const next = known.filter(({ n }) => n > (cursor ?? 0))
  let upTo = sure
  for (const { n } of next) if (n === upTo + 1) upTo = n
  const ready = next.filter(({ n }) => n <= upTo)
  return {
    cursor: upTo,
    shown: ready.length > 0 ? [...shown, ...ready].slice(-eventsKept) : shown,
    early: next.filter(({ n }) => n > upTo).slice(0, mostEarly),
  }
}

const merged = (a: readonly LoggedEvent[], b: readonly LoggedEvent[]): LoggedEvent[] => {
  const byNumber = new Map([...a, ...b].map((event) => [event.n, event]))
  return [...byNumber.values()].sort((one, other) => one.n - other.n)
}

/** What a change of a list shows that was news: not the past that the first page brings. */
export const newsBetween = (before: EventList, after: EventList): readonly LoggedEvent[] => {
  if (before === after) return []
  // Before the first page, what the socket brought is news, and so is all that happened since.
  const first = before.cursor === undefined ? before.early[0]?.n : before.cursor + 1
  return first === undefined ? [] : after.shown.filter(({ n }) => n >= first)
}
