/** What goes out over HTTP. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer
}

const jsonType = { 'content-type': 'application/json' }

/** An answer of the gateway's own, as `{"message":…}`. */
export const messageAnswer = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({
  status,
  headers: { ...jsonType, ...headers },
  body: Buffer.from(JSON.stringify({ message })),
})

export const internalError = messageAnswer(500, 'Internal Server Error')

type Bag = Readonly<Record<string, unknown>>

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

const headersOf = (given: unknown): Record<string, string> | undefined => {
  if (given === undefined || given === null) return {}
  if (typeof given !== 'object' || Array.isArray(given)) return undefined
  const entries = Object.entries(given)
  if (!entries.every((entry): entry is [string, string] => isScalar(entry[1]))) return undefined
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]))
}

const structured = (result: Bag): Answer => {
  const { statusCode: status, body = '', isBase64Encoded, cookies = [] } = result
  const headers = headersOf(result['headers'])
  const isStatus = Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599
  const areCookies = Array.isArray(cookies) && cookies.every((one) => typeof one === 'string')
  if (!isStatus || headers === undefined || typeof body !== 'string' || !areCookies) {
    return internalError
  }
  return {
    status: Number(status),
    headers: {
      ...(body === '' ? {} : { 'content-type': 'text/plain;charset=UTF-8' }),
      ...headers,
      ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}),
    },
    body: Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}

const jsonOf = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/**
 * Reads what a handler returned as payload format 2.0 does: with a `statusCode` it is the answer,
 * anything else becomes the JSON body of a 200. What could not have left a Lambda is a 500.
 */
export const answerOf = (result: unknown, maxBytes: number): Answer => {
  const json = jsonOf(result ?? null)
  if (json === undefined || Buffer.byteLength(json) > maxBytes) return internalError
  if (typeof result === 'object' && result !== null && 'statusCode' in result) {
    return structured(result)
  }
  const body = Buffer.from(typeof result === 'string' ? result : json)
  return { status: 200, headers: jsonType, body }
}
