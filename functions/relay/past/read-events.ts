import { eventBodySchema, type LoggedEvent } from '../../../protocol/printer-event.ts'
import type { EventPage } from '../../../protocol/rest-events.ts'
import { readHead } from './append-events.ts'
import { eventItemSchema } from './event-item.ts'
import { expired } from '../table/expiry.ts'
import { whileGranted } from '../people/while-granted.ts'
import { eventInView } from '../watching/in-view.ts'
import { eventKey, logPartition } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { jsonOf, parseItem, unlessDamaged } from '../table/read-item.ts'
import type { Item, Page } from '../table/table.ts'

/** Which page of the log: what follows a cursor, or the newest (below one). */
export type EventWish =
  | { readonly kind: 'after'; readonly cursor: number; readonly limit: number }
  | { readonly kind: 'newest'; readonly below: number | undefined; readonly limit: number }

/** A page of a printer's event log, oldest first (EVENT-4). */
export const readEvents = async (
  ports: Ports,
  principal: string,
  printerId: string,
  wish: EventWish,
): Promise<EventPage> =>
  whileGranted(ports, principal, printerId, async ({ view }) => {
    const page =
      wish.kind === 'after'
        ? await eventsAfter(ports, printerId, wish.cursor, wish.limit)
        : await newestPage(ports, printerId, wish.below, wish.limit)
    return { ...page, events: page.events.map((event) => eventInView(view, event)) }
  })

/** The same without a look at the rights: for whoever was let in already. */
export const eventsAfter = async (
  ports: Ports,
  printerId: string,
  cursor: number,
  limit: number,
): Promise<EventPage> => {
  const from = eventKey(printerId, cursor + 1).sk
  const page = await ports.directory.query({ pk: logPartition(printerId), from, limit })
  const next = numberOf(page.items.at(-1)) ?? cursor
  return {
    events: eventsOf(ports, printerId, page),
    next,
    head: Math.max(await headAfter(ports, printerId, page), 0),
    now: ports.now(),
  }
}

/** A page that is the last ends at the head. */
const headAfter = async (ports: Ports, printerId: string, page: Page): Promise<number> => {
  const last = page.after ? undefined : numberOf(page.items.at(-1))
  return last ?? (await readHead(ports, printerId)).n
}

const newestPage = async (
  ports: Ports,
  printerId: string,
  below: number | undefined,
  limit: number,
): Promise<EventPage> => {
  const page = await ports.directory.query({
    ...{ pk: logPartition(printerId), newestFirst: true, limit },
    ...(below !== undefined && { after: eventKey(printerId, below) }),
  })
  const newest = numberOf(page.items[0]) ?? 0
  const oldest = numberOf(page.items.at(-1))
  const events = eventsOf(ports, printerId, page).reverse()
  // What lies below something expired has expired too.
  const more = page.after !== undefined && events[0]?.n === oldest
  return {
    events,
    next: newest,
    ...(more && oldest !== undefined && { before: oldest }),
    head: below === undefined ? newest : (await readHead(ports, printerId)).n,
    now: ports.now(),
  }
}

const numberOf = (item: Item | undefined): number | undefined => item && Number(item.sk)

/** Events that time has not taken; TTL deletes late. A damaged one is told and left out. */
const eventsOf = (ports: Ports, printerId: string, { items }: Page): LoggedEvent[] =>
  items.flatMap((item) => {
    const stored = unlessDamaged(ports, () => parseItem(eventItemSchema, item))
    if (!stored) return []
    const { n, at, expiresAt } = stored
    if (expiresAt !== undefined && expired({ expiresAt }, ports.now())) return []
    const body = eventBodySchema.safeParse(jsonOf(stored.body))
    return body.success ? [{ printerId, n, at, body: body.data }] : []
  })
