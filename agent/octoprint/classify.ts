import type { Reading } from './endpoints.ts'
import type { Outcome } from './outcome.ts'

/** What an answer of OctoPrint means; `text` is undefined when the body was too large. */
export const classify = (reading: Reading, status: number, text: string | undefined): Outcome => {
  if (status === 401 || status === 403) return { kind: 'key_refused', status }
  if (status >= 500) return { kind: 'server_error', status }
  if (status === 409 && reading === 'printer') return { kind: 'not_operational' }
  if (status >= 300 && status < 400)
    return odd(`it redirects (${status}), configure the address it leads to`)
  if (status !== 200) return odd(`status ${status}, is this OctoPrint's address?`)
  if (text === undefined) return odd('it is larger than 1 MB')
  return bodyOf(text)
}

const bodyOf = (text: string): Outcome => {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return odd('it is not JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return odd('it is not a JSON object')
  return { kind: 'ok', body: body as Readonly<Record<string, unknown>> }
}

const odd = (what: string): Outcome => ({ kind: 'odd_answer', what })
