import type { RequestFacts } from './request-facts.ts'
import { requestTime } from './request-time.ts'

/** What stays the same for all events of one connection. */
export interface ConnectionFacts {
  readonly apiId: string
  readonly stage: string
  readonly domainName: string
  readonly connectionId: string
  readonly connectedAt: number
  readonly request: RequestFacts
  /** The authorizer's context, all strings; undefined without an authorizer. */
  readonly authorizer: Readonly<Record<string, string>> | undefined
}

export interface WsRequestContext {
  readonly routeKey: string
  readonly eventType: 'CONNECT' | 'MESSAGE' | 'DISCONNECT'
  readonly extendedRequestId: string
  readonly requestTime: string
  readonly messageDirection: 'IN'
  readonly stage: string
  readonly connectedAt: number
  readonly requestTimeEpoch: number
  readonly identity: { readonly sourceIp: string; readonly userAgent?: string }
  readonly requestId: string
  readonly domainName: string
  readonly connectionId: string
  readonly apiId: string
  readonly authorizer?: Record<string, string>
}

interface WithHeaders {
  readonly headers: Record<string, string>
  readonly multiValueHeaders: Record<string, string[]>
  readonly queryStringParameters?: Record<string, string>
  readonly multiValueQueryStringParameters?: Record<string, string[]>
}

export interface ConnectEvent extends WithHeaders {
  readonly requestContext: WsRequestContext
  readonly isBase64Encoded: false
}

/** A message has neither headers nor query, whatever its connection was opened with. */
export interface MessageEvent {
  readonly requestContext: WsRequestContext & { readonly messageId: string }
  readonly body: string
  readonly isBase64Encoded: false
}

export interface DisconnectEvent {
  readonly headers: Record<string, string>
  readonly multiValueHeaders: Record<string, string[]>
  readonly requestContext: WsRequestContext & {
    readonly disconnectStatusCode: number
    readonly disconnectReason: string
  }
  readonly isBase64Encoded: false
}

export type WsEvent = ConnectEvent | MessageEvent | DisconnectEvent

export interface AuthorizerEvent extends WithHeaders {
  readonly type: 'REQUEST'
  readonly methodArn: string
  readonly requestContext: WsRequestContext
}

/** What each event has of its own: the moment (ms since 1970) and the request's id. */
export interface Occasion {
  readonly at: number
  readonly requestId: string
}

const context = (
  facts: ConnectionFacts,
  { at, requestId }: Occasion,
  routeKey: string,
  eventType: WsRequestContext['eventType'],
): WsRequestContext => ({
  routeKey,
  eventType,
  extendedRequestId: requestId,
  requestTime: requestTime(at),
  messageDirection: 'IN',
  stage: facts.stage,
  connectedAt: facts.connectedAt,
  requestTimeEpoch: at,
  identity: {
    sourceIp: facts.request.sourceIp,
    ...(facts.request.userAgent === undefined ? {} : { userAgent: facts.request.userAgent }),
  },
  requestId,
  domainName: facts.domainName,
  connectionId: facts.connectionId,
  apiId: facts.apiId,
  // A copy each time: in the cloud no handler can change what another one is given.
  ...(facts.authorizer === undefined ? {} : { authorizer: { ...facts.authorizer } }),
})

const withHeaders = ({ request }: ConnectionFacts): WithHeaders =>
  structuredClone({
    headers: request.headers,
    multiValueHeaders: request.multiValueHeaders,
    ...(request.query === undefined ? {} : { queryStringParameters: request.query }),
    ...(request.multiValueQuery === undefined
      ? {}
      : { multiValueQueryStringParameters: request.multiValueQuery }),
  })

/** The resource an authorizer's policy has to allow. */
export const connectArn = ({ apiId, stage }: Pick<ConnectionFacts, 'apiId' | 'stage'>): string =>
  `arn:aws:execute-api:us-east-1:000000000000:${apiId}/${stage}/$connect`

export const authorizerEvent = (facts: ConnectionFacts, occasion: Occasion): AuthorizerEvent => ({
  type: 'REQUEST',
  methodArn: connectArn(facts),
  ...withHeaders(facts),
  requestContext: context(facts, occasion, '$connect', 'CONNECT'),
})

export const connectEvent = (facts: ConnectionFacts, occasion: Occasion): ConnectEvent => ({
  ...withHeaders(facts),
  requestContext: context(facts, occasion, '$connect', 'CONNECT'),
  isBase64Encoded: false,
})

export const messageEvent = (
  facts: ConnectionFacts,
  occasion: Occasion,
  routeKey: string,
  body: string,
): MessageEvent => ({
  requestContext: {
    ...context(facts, occasion, routeKey, 'MESSAGE'),
    messageId: occasion.requestId,
  },
  body,
  isBase64Encoded: false,
})

export const disconnectEvent = (
  facts: ConnectionFacts,
  occasion: Occasion,
  { code, reason }: { readonly code: number; readonly reason: string },
): DisconnectEvent => ({
  headers: { Host: facts.domainName },
  multiValueHeaders: { Host: [facts.domainName] },
  requestContext: {
    ...context(facts, occasion, '$disconnect', 'DISCONNECT'),
    disconnectStatusCode: code,
    disconnectReason: reason,
  },
  isBase64Encoded: false,
})
