import { failureCode } from '../failure-code.ts'
import { readBody } from '../http/read-body.ts'
import { within } from '../within.ts'
import { stopped } from './ask.ts'
import type { PairPorts } from './ports.ts'

/** How one HTTP request ended. `json` is undefined where the body is none. */
export type Called =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly headers: Headers
      readonly json: unknown
    }
  | { readonly kind: 'failed'; readonly code: string }

interface Request {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly body?: unknown
  readonly ms: number
}

/** Answers of the relay and of OctoPrint's key workflow are a few hundred bytes. */
const mostBytes = 65_536

/** Asks once. Redirects are not followed: a code or key must not go where nobody meant it to. */
export const call = async (
  { fetch, clock, signal }: PairPorts,
  { url, method, body, ms }: Request,
): Promise<Called> => {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json' }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  try {
    const outcome = await within({ clock, signal, ms }, async (stop) => {
      const init = { method, headers, redirect: 'manual', signal: stop, ...sent } as const
      const response = await fetch(url, init)
      const text = await readBody(response, mostBytes)
      return { status: response.status, headers: response.headers, json: jsonOf(text) }
    })
    if (outcome === 'late') return { kind: 'failed', code: 'no answer in time' }
    return { kind: 'answered', ...outcome }
  } catch (error) {
    if (signal.aborted) throw stopped()
    return { kind: 'failed', code: failureCode(error) }
  }
}

const jsonOf = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
