import { errorCodes } from '../../protocol/error-codes.ts'
import type { ErrorBody } from '../../protocol/error-frame.ts'
import { limits } from '../../protocol/limits.ts'
import { asRelayError } from '../relay/errors.ts'
import type { Ports } from '../relay/ports.ts'

export interface Answer {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: string
  /** The body is bytes in base64. */
  readonly isBase64Encoded?: true
}

export const jsonHeaders = {
  'Content-Type': 'application/json',
  'Cache-Control': 'private, no-cache',
  'X-Content-Type-Options': 'nosniff',
} as const

/** Any failure as an HTTP answer: the table's status, the code and what to do. */
export const errorAnswer = (ports: Ports, error: unknown, requestId: unknown): Answer => {
  const told = asRelayError(error)
  const { code, message, retryAfter } = told
  const { retryable, status } = errorCodes[code]
  const id = typeof requestId === 'string' ? requestId.slice(0, limits.shortText) : 'unknown'
  ports.metrics.count('fluxrelay_errors_total', 1, code)
  const fields = { requestId: id, code }
  if (told === error) ports.log.info(fields, 'a request was refused')
  else ports.log.error({ ...fields, error: String(error) }, 'a request failed')
  const wait = retryAfter === undefined ? {} : { retryAfter }
  const body: ErrorBody = {
    error: { code, message: message.slice(0, limits.longText), retryable, ...wait, requestId: id },
  }
  const headers = { ...jsonHeaders, ...retryHeader(retryAfter) }
  return { statusCode: status, headers, body: JSON.stringify(body) }
}

/** RFC 9110 §10.2.3 counts in whole seconds. */
const retryHeader = (retryAfter: number | undefined): Record<string, string> =>
  retryAfter === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfter / 1000)) }

/** Runs a handler's work; whatever is thrown becomes an answer. */
export const answering = async (
  ports: Ports,
  requestId: () => unknown,
  work: () => Promise<Answer>,
): Promise<Answer> => {
  try {
    return await work()
  } catch (error) {
    return errorAnswer(ports, error, idOf(requestId))
  }
}

/** An event may lack even its context. */
const idOf = (requestId: () => unknown): unknown => {
  try {
    return requestId()
  } catch {
    return undefined
  }
}

/** What the gateway takes from a route without a route response: the status alone. */
export const accepted: Answer = { statusCode: 200, headers: {}, body: '' }
