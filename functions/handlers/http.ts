import { createHash } from 'node:crypto'
import type { Relay } from '../relay/create-relay.ts'
import { userPrincipal } from '../relay/caller.ts'
import { RelayError } from '../relay/errors.ts'
import type { Claims } from '../relay/admission.ts'
import { answering, jsonHeaders, type Answer } from './error-answer.ts'
import { valueOf } from './socket-event.ts'

/** What these handlers read of a payload of format 2.0; the authorizer is there behind a JWT route. */
export interface SignedInEvent {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>
  readonly pathParameters?: Readonly<Record<string, string | undefined>>
  readonly requestContext: {
    readonly requestId: string
    readonly authorizer?: { readonly jwt: { readonly claims: Claims } }
  }
}

export interface Person {
  readonly principal: string
  /** The end of the sign-in, ms since 1970. */
  readonly session: number
}

/** Runs a request of a signed-in person whom the admission rule lets in. */
export const signedIn =
  (relay: Relay, work: (person: Person, event: SignedInEvent) => Promise<Answer>) =>
  (event: SignedInEvent): Promise<Answer> =>
    answering(
      relay.ports,
      () => event.requestContext.requestId,
      async () => {
        const claims = claimsOf(event)
        const person = personOf(claims)
        relay.admit(claims)
        return work(person, event)
      },
    )

/** Claims that the gateway verified. It is behind the JWT authorizer or it has none. */
const claimsOf = ({ requestContext }: SignedInEvent): Claims =>
  requestContext.authorizer?.jwt.claims ?? {}

const personOf = ({ sub, exp }: Claims): Person => {
  const session = Number(exp) * 1000
  if (typeof sub !== 'string' || sub === '' || sub.length > 256 || !Number.isSafeInteger(session))
    throw new RelayError('unauthenticated', 'Sign in first.')
  return { principal: userPrincipal(sub), session }
}

/** A success as JSON; unchanged since the caller's copy, it has no body. */
export const jsonAnswer = (
  value: unknown,
  event: Pick<SignedInEvent, 'headers'>,
  /** What the copy depends on: without it the clock would change every answer. */
  tagged: unknown = value,
): Answer => {
  const digest = createHash('sha256').update(JSON.stringify(tagged)).digest('base64url')
  const ETag = `W/"${digest.slice(0, 22)}"`
  const headers = { ...jsonHeaders, ETag }
  const known = valueOf(event.headers, 'if-none-match')?.split(',') ?? []
  if (known.some((one) => one.trim() === ETag)) return { statusCode: 304, headers, body: '' }
  return { statusCode: 200, headers, body: JSON.stringify(value) }
}
