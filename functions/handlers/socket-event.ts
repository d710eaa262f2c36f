import * as z from 'zod/mini'
import { RelayError } from '../relay/errors.ts'
import type { Caller } from '../relay/caller.ts'

type Texts = Readonly<Record<string, string | undefined>>

/** The parts of an API Gateway WebSocket event that are read here. */
export interface SocketEvent {
  readonly headers?: Texts
  readonly queryStringParameters?: Texts
  readonly requestContext: {
    readonly connectionId: string
    readonly connectedAt: number
    readonly requestId: string
    readonly authorizer?: Texts
  }
  readonly body?: string
}

const number = z.string().check(z.regex(/^\d{1,15}$/))

/** What the authorizer put into the connection's context: texts only, and no secret. */
const contextSchema = z.object({
  connectionId: z.string().check(z.minLength(1), z.maxLength(64)),
  connectedAt: z.int().check(z.minimum(0), z.maximum(9_999_999_999_999)),
  requestId: z.string(),
  authorizer: z.object({
    principal: z.string().check(z.minLength(1)),
    kind: z.enum(['agent', 'viewer']),
    until: number,
    /** When the sign-in was given. */
    at: z.optional(number),
    tok: z.optional(number),
  }),
})

/** Who speaks, by the gateway's own words. */
export const callerOf = (event: SocketEvent): Caller => {
  const result = contextSchema.safeParse(event.requestContext)
  if (!result.success)
    throw new RelayError(
      'unauthenticated',
      'The connection has no identity: is the authorizer set?',
    )
  const { connectionId, connectedAt, requestId, authorizer } = result.data
  const { principal, kind, until, at, tok } = authorizer
  return {
    connectionId,
    connectedAt,
    requestId,
    principal,
    kind,
    until: Number(until),
    signedAt: numberOf(at),
    tok: numberOf(tok),
  }
}

const numberOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text)

/** A header or query value; the gateway keeps the case in which a client wrote the name. */
export const valueOf = (texts: Texts | undefined, name: string): string | undefined =>
  Object.entries(texts ?? {}).find(([held]) => held.toLowerCase() === name)?.[1]
