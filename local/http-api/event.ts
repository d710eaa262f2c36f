import type { IncomingMessage } from 'node:http'
import { peerAddress, splitTarget } from '../gateway/request-facts.ts'
import { requestTime } from '../gateway/request-time.ts'
import type { Match } from './match-route.ts'

export interface JwtAuthorizer {
  readonly jwt: {
    /** All values as strings, numbers and lists too. */
    readonly claims: Record<string, string>
    /** The token's scopes on a route that asks for some, else null. */
    readonly scopes: string[] | null
  }
}

/** The request as payload format 2.0 has it. */
export interface HttpEvent {
  readonly version: '2.0'
  readonly routeKey: string
  readonly rawPath: string
  readonly rawQueryString: string
  readonly cookies?: string[]
  readonly headers: Record<string, string>
  readonly queryStringParameters?: Record<string, string>
  readonly pathParameters?: Record<string, string>
  readonly requestContext: {
    readonly accountId: string
    readonly apiId: string
    readonly authorizer?: JwtAuthorizer
    readonly domainName: string
    readonly domainPrefix: string
    readonly http: {
      readonly method: string
      readonly path: string
      readonly protocol: string
      readonly sourceIp: string
      readonly userAgent: string
    }
    readonly requestId: string
    readonly routeKey: string
    readonly stage: string
    readonly time: string
    readonly timeEpoch: number
  }
  readonly body?: string
  readonly isBase64Encoded: boolean
}

const textTypes = /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript)\b)/i

/** Repeated names are joined with commas, names are lower-case, cookies have a place of their own. */
const headersOf = ({ headersDistinct }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headersDistinct)
      .filter(([name]) => name !== 'cookie')
      .map(([name, values]) => [name, (values ?? []).join(',')]),
  )

const cookiesOf = ({ headersDistinct }: IncomingMessage): string[] =>
  (headersDistinct.cookie ?? [])
    .flatMap((header) => header.split(';'))
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '')

const queryOf = (query: string): Record<string, string> => {
  const all = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) {
    const before = all.get(name)
    all.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(all)
}

const bodyOf = (
  bytes: Buffer,
  contentType: string,
): Pick<HttpEvent, 'body' | 'isBase64Encoded'> => {
  if (bytes.length === 0) return { isBase64Encoded: false }
  const isText = textTypes.test(contentType)
  return { body: bytes.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText }
}

const unlessEmpty = <Name extends string, Value extends object>(name: Name, value: Value) =>
  (Object.keys(value).length > 0 ? { [name]: value } : {}) as Partial<Record<Name, Value>>

export interface EventParts {
  readonly request: IncomingMessage
  readonly bytes: Buffer
  readonly match: Match
  readonly authorizer: JwtAuthorizer | undefined
  readonly requestId: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly domainName: string
}

/** Builds the event of payload format 2.0. What is empty is left out, as in the cloud. */
export const httpEvent = (parts: EventParts): HttpEvent => {
  const { request, match, authorizer, at, domainName } = parts
  const { path, query } = splitTarget(request.url ?? '')
  const { routeKey } = match.compiled
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...unlessEmpty('cookies', cookiesOf(request)),
    headers: headersOf(request),
    ...unlessEmpty('queryStringParameters', queryOf(query)),
    ...unlessEmpty('pathParameters', match.pathParameters),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      ...(authorizer === undefined ? {} : { authorizer }),
      domainName,
      domainPrefix: domainName.split('.')[0] ?? '',
      http: {
        method: request.method ?? '',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: peerAddress(request),
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: parts.requestId,
      routeKey,
      stage: '$default',
      time: requestTime(at),
      timeEpoch: at,
    },
    ...bodyOf(parts.bytes, request.headers['content-type'] ?? ''),
  }
}
