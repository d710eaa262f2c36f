import { createHash } from 'node:crypto'
import { limits } from '../../protocol/limits.ts'
import { nameSchema } from '../../protocol/name.ts'
import type { Relay } from '../relay/create-relay.ts'
import { userPrincipal } from '../relay/caller.ts'
import { RelayError } from '../relay/errors.ts'
import type { Claims } from '../relay/people/admission.ts'
import { verifiedEmail } from '../relay/people/admission.ts'
import type { Person, Watcher } from '../relay/people/person.ts'
import { answering, jsonHeaders, type Answer } from './error-answer.ts'
import { valueOf } from './socket-event.ts'

/** What these handlers read of a payload of format 2.0. */
export interface HttpEvent {
  readonly routeKey: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>>
  readonly pathParameters?: Readonly<Record<string, string | undefined>>
  readonly body?: string
  readonly isBase64Encoded?: boolean
  readonly requestContext: {
    readonly requestId: string
    /** There behind a JWT route, and only there. */
    readonly authorizer?: { readonly jwt: { readonly claims: Claims } }
    readonly http: { readonly sourceIp: string }
  }
}

type Work<Who> = (who: Who, event: HttpEvent) => Promise<Answer>

/** Runs a request of a signed-in person whom the admission rule lets in. */
export const signedIn = (relay: Relay, work: Work<Person>) => (event: HttpEvent) =>
  answering(
    relay.ports,
    () => event.requestContext.requestId,
    async () => work(await personOf(relay, event), event),
  )

/** The same for signing out, which asks itself whether the sign-in was ended by an earlier try. */
export const signingOut = (relay: Relay, work: Work<Person>) => (event: HttpEvent) =>
  answering(
    relay.ports,
    () => event.requestContext.requestId,
    async () => work(admitted(relay, event), event),
  )

/** Runs a request for a person, or for a guest on the routes that are for guests. */
export const watching = (relay: Relay, work: Work<Watcher>) => (event: HttpEvent) =>
  answering(
    relay.ports,
    () => event.requestContext.requestId,
    async () => {
      const forGuests = guestRoute.test(event.routeKey)
      const who = forGuests ? await guestOf(relay, event) : await personOf(relay, event)
      return work(who, event)
    },
  )

const guestRoute = /^[A-Z]+ \/v1\/guest\//

/** Runs a request of whoever holds the secret in its body; `address` only limits how often. */
export const withSecret =
  (relay: Relay, work: (address: string, event: HttpEvent) => Promise<Answer>) =>
  (event: HttpEvent) =>
    answering(
      relay.ports,
      () => event.requestContext.requestId,
      async () => work(event.requestContext.http.sourceIp, event),
    )

/** An entry with several routes: each with its own work, by the gateway's name for it. */
export const byRoute =
  <Key extends string, Who>(works: Readonly<Record<Key, Work<Who>>>): Work<Who> =>
  (who, event) => {
    if (!Object.hasOwn(works, event.routeKey))
      throw new RelayError('not_found', 'There is no such route here.')
    return works[event.routeKey as Key](who, event)
  }

const personOf = async (relay: Relay, event: HttpEvent): Promise<Person> => {
  const person = admitted(relay, event)
  await relay.checkSession(person)
  return person
}

const admitted = (relay: Relay, { requestContext }: HttpEvent): Person => {
  const claims = requestContext.authorizer?.jwt.claims ?? {}
  const person = fromClaims(claims)
  relay.admit(claims)
  return person
}

/** Claims that the gateway verified. */
const fromClaims = (claims: Claims): Person => {
  const { sub, exp, iat, name } = claims
  const session = Number(exp) * 1000
  const signedAt = Number(iat) * 1000
  if (typeof sub !== 'string' || sub === '' || sub.length > 256 || !Number.isSafeInteger(session))
    throw new RelayError('unauthenticated', 'Sign in first.')
  return {
    principal: userPrincipal(sub),
    session,
    // A token that does not say when it was given counts as older than every sign-out.
    signedAt: Number.isSafeInteger(signedAt) ? signedAt : 0,
    email: verifiedEmail(claims),
    name: shownName(name),
  }
}

/**
 * What people call themselves stands where else their verified address does, in the lists and the
 * audit: it must not look like one.
 */
const shownName = (name: unknown): string | undefined => {
  const parsed = nameSchema.safeParse(
    typeof name === 'string' ? name.slice(0, limits.nameText) : undefined,
  )
  return parsed.success && !/[@\uff20\ufe6b]/.test(parsed.data) ? parsed.data : undefined
}

const guestOf = (relay: Relay, { headers }: HttpEvent): Promise<Watcher> =>
  relay.guestOf((valueOf(headers, 'authorization') ?? '').replace(/^bearer +/i, '').trim())

/** A success as JSON; unchanged since the caller's copy, it has no body. */
export const jsonAnswer = (
  value: unknown,
  event: Pick<HttpEvent, 'headers'>,
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

/** The answer to a change: it may carry a secret, so nothing on the way keeps it. */
export const changed = (value: unknown = {}): Answer => ({
  statusCode: 200,
  headers: { ...jsonHeaders, 'Cache-Control': 'no-store' },
  body: JSON.stringify(value),
})
