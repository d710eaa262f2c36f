import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { newConnectionId } from '../gateway/connection-id.ts'
import { createIntake } from '../gateway/intake.ts'
import { invoke, type Invocation, type Outcome } from '../gateway/invoke.ts'
import { readBody } from '../gateway/read-body.ts'
import { splitTarget } from '../gateway/request-facts.ts'
import { realTimers, type Timers } from '../gateway/timers.ts'
import { answerOf, internalError, messageAnswer, type Answer } from './answer.ts'
import { isPreflight, corsHeaders, preflightHeaders, withCors } from './cors.ts'
import type { CorsConfiguration } from './cors.ts'
import { HttpApiSetupError } from './errors.ts'
import { httpEvent, type JwtAuthorizer } from './event.ts'
import { createJwtAuthorizer, type JwtConfiguration } from './jwt-authorizer.ts'
import { httpApiLimits, type HttpApiLimits } from './limits.ts'
import { bySpecificity, compileRoute, matchRoute, type Match } from './match-route.ts'
import type { HttpRoute, SignedInHttpEvent } from './route.ts'

export interface HttpApiDeps {
  readonly routes: readonly HttpRoute[]
  /** Needed if any route has `auth: 'jwt'`. */
  readonly jwt: JwtConfiguration | undefined
  /** Without it the gateway leaves CORS to the handlers. */
  readonly cors: CorsConfiguration | undefined
  readonly domainName: string
  readonly limits: HttpApiLimits
  readonly timers: Timers
  readonly now: () => number
  readonly randomBytes: (count: number) => Buffer
  readonly observe: (finished: Invocation) => void
}

/** What an HTTP API has when nothing else is said: the cloud's limits and real time. */
export const httpApiDefaults = () =>
  ({
    jwt: undefined,
    cors: undefined,
    domainName: 'localhost',
    limits: httpApiLimits,
    timers: realTimers,
    now: Date.now,
    randomBytes,
    observe: () => undefined,
  }) satisfies Partial<HttpApiDeps>

export interface HttpApi {
  /** Answers the request, always; never rejects. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

const challenge = (why: string | undefined) => ({
  'www-authenticate':
    why === undefined
      ? 'Bearer'
      : `Bearer scope="" error="invalid_token" error_description="${why}"`,
})

const unavailable = messageAnswer(503, 'Service Unavailable')

const insufficientScope = { 'www-authenticate': 'Bearer error="insufficient_scope"' }

const write = (response: ServerResponse, { status, headers, body }: Answer): void => {
  const bodiless = status === 204 || status === 304
  response.writeHead(status, { ...headers, ...(bodiless ? {} : { 'content-length': body.length }) })
  response.end(bodiless ? undefined : body)
}

/** An HTTP API of API Gateway on one machine, payload format 2.0. */
export const createHttpApi = (deps: HttpApiDeps): HttpApi => {
  const { limits, now, timers, cors } = deps
  const intake = createIntake({ atOnce: limits.handlersAtOnce })
  const routes = deps.routes.map(compileRoute).sort(bySpecificity)
  const checkJwt = deps.jwt && createJwtAuthorizer(deps.jwt, now)
  const guarded = routes.find(({ route }) => route.auth === 'jwt')
  if (checkJwt === undefined && guarded !== undefined) {
    const message = `The route ${guarded.routeKey} asks for a JWT, but no issuer is configured.`
    throw new HttpApiSetupError('no-jwt-configuration', message)
  }

  const authorize = async (
    { authorization }: IncomingMessage['headers'],
    { route }: Match['compiled'],
  ): Promise<Answer | JwtAuthorizer | undefined> => {
    if (route.auth === 'none' || checkJwt === undefined) return undefined
    const verdict = await checkJwt(authorization, route.scopes ?? [])
    switch (verdict.kind) {
      case 'passed':
        return verdict.authorizer
      case 'unauthorized':
        return messageAnswer(401, 'Unauthorized', challenge(verdict.why))
      case 'forbidden':
        return messageAnswer(403, 'Forbidden', insufficientScope)
      case 'failed':
        return internalError
      default:
        return verdict satisfies never
    }
  }

  const answerTo = (outcome: Outcome): Answer => {
    switch (outcome.kind) {
      case 'answered':
        return answerOf(outcome.value, limits.responseBytes)
      case 'threw':
        return internalError
      case 'late':
        return unavailable
      default:
        return outcome satisfies never
    }
  }

  const integrate = async (
    request: IncomingMessage,
    match: Match,
    requestId: string,
  ): Promise<Answer | 'cut'> => {
    const authorized = await authorize(request.headers, match.compiled)
    if (authorized !== undefined && 'status' in authorized) return authorized
    const body = await readBody(request, limits.requestBytes)
    if (body.kind === 'cut') return 'cut'
    if (body.kind === 'too-long') {
      return messageAnswer(413, 'Request Entity Too Large', { connection: 'close' })
    }
    if (intake.waiting() >= limits.handlersWaiting) return unavailable
    const at = now()
    const { domainName } = deps
    const parts = { request, match, authorizer: authorized, requestId, at, domainName }
    const event = httpEvent({ ...parts, bytes: body.bytes }) as SignedInHttpEvent
    const { route, routeKey } = match.compiled
    const outcome = await intake.run(() => invoke(() => route.handler(event), limits, timers))
    const error = outcome.kind === 'threw' ? outcome.error : undefined
    deps.observe({ route: routeKey, outcome: outcome.kind, ms: now() - at, error })
    return answerTo(outcome)
  }

  const respond = async (request: IncomingMessage): Promise<Answer | 'cut'> => {
    const { origin } = request.headers
    if (cors !== undefined && isPreflight(request)) {
      return { status: 204, headers: preflightHeaders(cors, origin), body: Buffer.alloc(0) }
    }
    const { path } = splitTarget(request.url ?? '')
    const match = matchRoute(routes, request.method ?? '', path)
    const requestId = newConnectionId(deps.randomBytes)
    const answer = match
      ? await integrate(request, match, requestId)
      : messageAnswer(404, 'Not Found')
    if (answer === 'cut') return answer
    const plain =
      cors === undefined ? answer.headers : withCors(answer.headers, corsHeaders(cors, origin))
    return { ...answer, headers: { ...plain, 'apigw-requestid': requestId } }
  }

  return {
    async handle(request, response) {
      try {
        const answer = await respond(request)
        if (answer === 'cut') response.destroy()
        else write(response, answer)
      } catch {
        // A handler's header that HTTP cannot carry; nothing has been sent yet.
        if (response.headersSent) response.destroy()
        else write(response, internalError)
      }
    },
  }
}
