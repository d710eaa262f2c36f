import { allowedAt, type Limit } from './app-key-limits.ts'
import { errorReply, type Reply } from './reply.ts'

/** A request nobody asks about for this long is dropped (OctoPrint 1.11.8: a poll each second). */
const pollTimeoutMs = 5000

/** How many requests OctoPrint takes from 1.11.2 on. */
export const appKeyLimits: readonly Limit[] = [
  { count: 3, windowMs: 60_000 },
  { count: 5, windowMs: 10 * 60_000 },
  { count: 10, windowMs: 60 * 60_000 },
]

export type PendingKey = {
  readonly token: string
  readonly app: string
  readonly user: string | undefined
}

/** The Application Keys workflow, with the person who decides played by a test or a counter. */
export interface AppKeys {
  request(body: unknown, origin: string): Reply
  poll(token: string): Reply
  /** Grants a request, the newest unless told which; false when it is not there any more. */
  grant(token?: string): boolean
  /** Refuses a request, the newest unless told which; false when it is not there any more. */
  deny(token?: string): boolean
  pending(): PendingKey[]
}

export type AppKeysDeps = {
  readonly now: () => number
  readonly newToken: () => string
  /** Makes a key that is accepted from now on. */
  readonly issueKey: (app: string) => string
  readonly limited: () => boolean
  /** Grants by itself at this poll of a request; undefined waits for `grant`. */
  readonly autoGrantAfterPolls: number | undefined
}

type Pending = PendingKey & { polls: number; seenAt: number }

export const createAppKeys = (deps: AppKeysDeps): AppKeys => {
  const pending = new Map<string, Pending>()
  const granted = new Map<string, string>()
  let requestedAt: readonly number[] = []

  const dropStale = () => {
    for (const [token, { seenAt }] of pending) {
      if (deps.now() - seenAt > pollTimeoutMs) pending.delete(token)
    }
  }
  const take = (token: string | undefined): Pending | undefined => {
    dropStale()
    const found = token === undefined ? [...pending.values()].at(-1) : pending.get(token)
    if (found !== undefined) pending.delete(found.token)
    return found
  }
  const grant: AppKeys['grant'] = (token) => {
    const taken = take(token)
    if (taken !== undefined) granted.set(taken.token, deps.issueKey(taken.app))
    return taken !== undefined
  }
  const waiting = (asked: Pending): Reply | undefined => {
    asked.polls += 1
    asked.seenAt = deps.now()
    if (asked.polls < (deps.autoGrantAfterPolls ?? Infinity)) {
      return { status: 202, body: { message: 'Awaiting decision' } }
    }
    grant(asked.token)
    return undefined
  }

  return {
    grant,
    deny: (token) => take(token) !== undefined,
    pending: () => {
      dropStale()
      return [...pending.values()].map(({ token, app, user }) => ({ token, app, user }))
    },
    request: (body, origin) => {
      if (deps.limited() && !allowedAt(appKeyLimits, requestedAt, deps.now())) {
        return errorReply(429, 'Too many requests for application keys, try again later')
      }
      requestedAt = [...requestedAt, deps.now()].slice(-10)
      const { app, user } = wanted(body)
      if (app === undefined) return errorReply(400, 'The request names no app')
      const token = deps.newToken()
      pending.set(token, { token, app, user, polls: 0, seenAt: deps.now() })
      const query = user === undefined ? '' : `?user=${encodeURIComponent(user)}`
      return {
        status: 201,
        headers: { Location: `${origin}/plugin/appkeys/request/${token}` },
        body: { app_token: token, auth_dialog: `${origin}/plugin/appkeys/auth/${token}${query}` },
      }
    },
    poll: (token) => {
      dropStale()
      const asked = pending.get(token)
      const wait = asked === undefined ? undefined : waiting(asked)
      if (wait !== undefined) return wait
      const key = granted.get(token)
      if (key === undefined) return errorReply(404, 'There is no such request')
      granted.delete(token)
      return { status: 200, body: { api_key: key } }
    },
  }
}

const wanted = (body: unknown): { app: string | undefined; user: string | undefined } => {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  if (typeof body !== 'object' || body === null) return { app: undefined, user: undefined }
  return {
    app: 'app' in body ? text(body.app) : undefined,
    user: 'user' in body ? text(body.user) : undefined,
  }
}
