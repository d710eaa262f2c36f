import type * as z from 'zod/mini'
import { eventPageSchema, type EventPage } from '../protocol/rest-events.ts'
import { historyAnswerSchema, type HistoryAnswer } from '../protocol/rest-history.ts'
import { printPageSchema, type PrintPage } from '../protocol/rest-prints.ts'
import {
  printerListSchema,
  printerViewSchema,
  ticketAnswerSchema,
  type PrinterList,
  type PrinterView,
  type TicketAnswer,
} from '../protocol/rest.ts'
import { authorised, getting, posting, read } from './ask.ts'
import type { ClientDeps } from './deps.ts'

export type RestDeps = Pick<ClientDeps, 'clock' | 'fetch' | 'config' | 'token'>

/** A ticket, and the token that it was bought with (its expiry is the connection's). */
export interface BoughtTicket {
  readonly ticket: string
  readonly token: string
}

export type PrinterAnswer =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'view'; readonly view: PrinterView; readonly etag: string | undefined }

/** A page of events: what follows a cursor, or the newest (below a number). */
export interface EventWish {
  readonly after?: number
  readonly before?: number
  readonly limit?: number
}

/** ms since 1970, and the width of a bucket in ms. */
export interface HistoryWish {
  readonly from?: number
  readonly to?: number
  readonly resolution?: number
}

/**
 * What is watched over the relay's HTTP API, as functions. Every refusal is a `RequestError` or
 * `SignInRequiredError`.
 */
export interface Rest {
  ticket(wish: { readonly fresh: boolean }): Promise<BoughtTicket>
  printers(): Promise<PrinterList>
  printer(id: string, etag: string | undefined): Promise<PrinterAnswer>
  events(id: string, wish: EventWish): Promise<EventPage>
  history(id: string, wish: HistoryWish): Promise<HistoryAnswer>
  prints(
    id: string,
    wish: { readonly before?: number; readonly limit?: number },
  ): Promise<PrintPage>
}

export const createRest = (deps: RestDeps): Rest => {
  const root = deps.config.root ?? '/v1'
  const pathTo = (id: string) => `${root}/printers/${encodeURIComponent(id)}`
  const get = async <Schema extends z.ZodMiniType>(path: string, schema: Schema) =>
    read(path, (await authorised(deps, getting(path))).answer, schema)
  return {
    ticket: async ({ fresh }) => {
      const path = `${root}/tickets`
      const { answer, token } = await authorised(deps, { ...posting(path), fresh })
      const body: TicketAnswer = read(path, answer, ticketAnswerSchema)
      return { ticket: body.ticket, token }
    },
    printers: () => get(`${root}/printers`, printerListSchema),
    printer: async (id, etag) => {
      const path = pathTo(id)
      const { answer } = await authorised(deps, { ...getting(path), etag })
      if (answer.status === 304) return { kind: 'unchanged' }
      const view = read(path, answer, printerViewSchema)
      return { kind: 'view', view, etag: answer.headers.get('etag') ?? undefined }
    },
    events: (id, wish) => get(`${pathTo(id)}/events${queryOf(wish)}`, eventPageSchema),
    history: (id, wish) => get(`${pathTo(id)}/history${queryOf(wish)}`, historyAnswerSchema),
    prints: (id, wish) => get(`${pathTo(id)}/prints${queryOf(wish)}`, printPageSchema),
  }
}

const queryOf = (wish: object): string => {
  const given = Object.entries(wish).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, String(Math.floor(value))]] : [],
  )
  return given.length > 0 ? `?${new URLSearchParams(given).toString()}` : ''
}
