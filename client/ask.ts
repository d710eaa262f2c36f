import type * as z from 'zod/mini'
import { errorBodySchema } from '../protocol/error-frame.ts'
import { timeOuts } from '../protocol/time-outs.ts'
import type { ClientDeps, Clock, ResponseLike } from './deps.ts'
import { RequestError, SignInRequiredError } from './errors.ts'

export type AskDeps = Pick<ClientDeps, 'clock' | 'fetch' | 'config'>

/** One request to the HTTP API. */
export interface Ask {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly etag: string | undefined
  /** What is sent as JSON; undefined: no body. */
  readonly body: unknown
  /** The token that was used before is no good any more. */
  readonly fresh: boolean
}

/** What came back, read to its end: a body that stalls is no answer. */
export interface Answer extends Pick<ResponseLike, 'status' | 'headers'> {
  readonly text: string
}

export const getting = (path: string): Ask => ({
  ...{ method: 'GET', path, etag: undefined, body: undefined, fresh: false },
})
export const posting = (path: string, body?: unknown): Ask => ({
  ...{ method: 'POST', path, etag: undefined, body, fresh: false },
})

const whereOf = ({ method, path }: Ask) => `${method} ${path}`

/** A refused token is answered once with a fresh one: clocks differ, and machines sleep. */
export const authorised = async (
  deps: AskDeps & Pick<ClientDeps, 'token'>,
  ask: Ask,
): Promise<{ answer: Answer; token: string }> => {
  const { fresh } = ask
  // It may have to be renewed with an issuer, whose answer can stall like any other.
  const where = `the token for ${whereOf(ask)}`
  const token = await inTime(deps.clock, where, async () => deps.token({ fresh }))
  const answer = await send(deps, ask, token)
  if (answer.status === 401) {
    if (fresh) throw new SignInRequiredError(whereOf(ask))
    return authorised(deps, { ...ask, fresh: true })
  }
  return { answer, token }
}

/** Sends a request, with a token where there is one. Throws a `RequestError` without an answer. */
export const send = async (deps: AskDeps, ask: Ask, token: string | undefined): Promise<Answer> => {
  try {
    return await inTime(deps.clock, whereOf(ask), async (signal) => {
      const answer = await deps.fetch(deps.config.api + ask.path, {
        method: ask.method,
        headers: headersOf(ask, token),
        body: ask.body === undefined ? undefined : JSON.stringify(ask.body),
        signal,
      })
      return { status: answer.status, headers: answer.headers, text: await answer.text() }
    })
  } catch (cause) {
    throw cause instanceof RequestError ? cause : noAnswer(whereOf(ask), cause)
  }
}

/** Gives `run` its time, whether or not it heeds the signal: a stalled body need not. */
const inTime = <T>(clock: Clock, where: string, run: (signal: AbortSignal) => Promise<T>) =>
  new Promise<T>((resolve, reject) => {
    const abort = new AbortController()
    const cancel = clock.after(timeOuts.restRequest, () => {
      abort.abort()
      reject(noAnswer(where, undefined))
    })
    run(abort.signal).finally(cancel).then(resolve, reject)
  })

const headersOf = ({ etag, body }: Ask, token: string | undefined): Record<string, string> => ({
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  ...(etag === undefined ? {} : { 'if-none-match': etag }),
  ...(body === undefined ? {} : { 'content-type': 'application/json' }),
})

const noAnswer = (where: string, cause: unknown) =>
  new RequestError(
    where,
    {
      code: 'no_answer',
      message: 'no whole answer came; try again',
      retryable: true,
      retryAfter: undefined,
    },
    { cause },
  )

/** The answer's body as its schema says; a refusal is thrown as the relay's own `RequestError`. */
export const read = <Schema extends z.ZodMiniType>(
  where: string,
  answer: Answer,
  schema: Schema,
): z.infer<Schema> => {
  const body = bodyOf(answer)
  if (answer.status >= 400) throw refusal(where, answer.status, body)
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  throw oddAnswer(where, answer.status)
}

const bodyOf = ({ text }: Answer): unknown => {
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
