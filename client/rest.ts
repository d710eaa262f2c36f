import type * as z from 'zod/mini'
import { errorBodySchema } from '../protocol/error-frame.ts'
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
import { timeOuts } from '../protocol/time-outs.ts'
import type { ClientDeps, ResponseLike } from './deps.ts'
import { RequestError, SignInRequiredError } from './errors.ts'

export type RestDeps = Pick<ClientDeps, 'clock' | 'fetch' | 'config' | 'token'>

interface Ask {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly etag: string | undefined
  readonly fresh: boolean
}

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

/** The relay's HTTP API as functions. Every refusal is a `RequestError` or `SignInRequiredError`. */
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

export const createRest = (deps: RestDeps): Rest => ({
  ticket: async ({ fresh }) => {
    const ask = { method: 'POST', path: '/v1/tickets', etag: undefined, fresh } as const
    const { answer, token } = await authorised(deps, ask)
    const body: TicketAnswer = await read(ask.path, answer, ticketAnswerSchema)
    return { ticket: body.ticket, token }
  },
  printers: async () => {
    const ask = { method: 'GET', path: '/v1/printers', etag: undefined, fresh: false } as const
    return read(ask.path, (await authorised(deps, ask)).answer, printerListSchema)
  },
  printer: async (id, etag) => {
    const path = `/v1/printers/${encodeURIComponent(id)}`
    const { answer } = await authorised(deps, { method: 'GET', path, etag, fresh: false })
    if (answer.status === 304) return { kind: 'unchanged' }
    const view = await read(path, answer, printerViewSchema)
    return { kind: 'view', view, etag: answer.headers.get('etag') ?? undefined }
  },
  events: (id, wish) => get(deps, pathTo(id, 'events', wish), eventPageSchema),
  history: (id, wish) => get(deps, pathTo(id, 'history', wish), historyAnswerSchema),
  prints: (id, wish) => get(deps, pathTo(id, 'prints', wish), printPageSchema),
})

const get = async <Schema extends z.ZodMiniType>(
  deps: RestDeps,
  path: string,
  schema: Schema,
): Promise<z.infer<Schema>> => {
  const ask = { method: 'GET', path, etag: undefined, fresh: false } as const
  return read(path, (await authorised(deps, ask)).answer, schema)
}

const pathTo = (id: string, what: string, wish: object): string => {
  const given = Object.entries(wish).flatMap(([name, value]) =>
    typeof value === 'number' ? [[name, String(Math.floor(value))]] : [],
  )
  const query = given.length > 0 ? `?${new URLSearchParams(given).toString()}` : ''
  return `/v1/printers/${encodeURIComponent(id)}/${what}${query}`
}

/** A refused token is answered once with a fresh one: clocks differ, and machines sleep. */
const authorised = async (
  deps: RestDeps,
  ask: Ask,
): Promise<{ answer: ResponseLike; token: string }> => {
  const token = await deps.token({ fresh: ask.fresh })
  const answer = await send(deps, ask, token)
  if (answer.status === 401) {
    if (ask.fresh) throw new SignInRequiredError(`${ask.method} ${ask.path}`)
    return authorised(deps, { ...ask, fresh: true })
  }
  return { answer, token }
}

const send = async (deps: RestDeps, ask: Ask, token: string): Promise<ResponseLike> => {
  const abort = new AbortController()
  const cancel = deps.clock.after(timeOuts.restRequest, () => abort.abort())
  const headers: Record<string, string> = { authorization: `Bearer ${token}` }
  if (ask.etag !== undefined) headers['if-none-match'] = ask.etag
  try {
    const url = deps.config.api + ask.path
    return await deps.fetch(url, { method: ask.method, headers, signal: abort.signal })
  } catch (cause) {
    throw noAnswer(`${ask.method} ${ask.path}`, cause)
  } finally {
    cancel()
  }
}

const noAnswer = (where: string, cause: unknown) =>
  new RequestError(
    where,
    {
      code: 'no_answer',
      message: 'the relay did not answer; it is tried again',
      retryable: true,
      retryAfter: undefined,
    },
    { cause },
  )

const read = async <Schema extends z.ZodMiniType>(
  where: string,
  answer: ResponseLike,
  schema: Schema,
): Promise<z.infer<Schema>> => {
  const body = await bodyOf(where, answer)
  if (answer.status >= 400) throw refusal(where, answer.status, body)
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw oddAnswer(where, answer.status)
}

const bodyOf = async (where: string, answer: ResponseLike): Promise<unknown> => {
  const text = await answer.text().catch((cause: unknown) => {
    throw noAnswer(where, cause)
  })
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const refusal = (where: string, status: number, body: unknown): RequestError => {
  const parsed = errorBodySchema.safeParse(body)
  if (!parsed.success) return oddAnswer(where, status)
  const { code, message, retryable, retryAfter } = parsed.data.error
  return new RequestError(where, { code, message, retryable, retryAfter })
}

/** Something between us and the relay answered, or another version of it: later may be better. */
const oddAnswer = (where: string, status: number) =>
  new RequestError(where, {
    code: 'odd_answer',
    message: `status ${status} with a body that is not the relay's; is the address right?`,
    retryable: true,
    retryAfter: undefined,
  })
