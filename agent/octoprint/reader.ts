import { timeOuts } from '../../protocol/time-outs.ts'
import type { Clock } from '../clock.ts'
import { failureCode } from '../failure-code.ts'
import { within } from '../within.ts'
import { classify } from './classify.ts'
import { endpointUrl, type Reading } from './endpoints.ts'
import type { Outcome } from './outcome.ts'
import { readBody } from '../http/read-body.ts'

/** OctoPrint's answers are about 1 KB; what is larger is not OctoPrint's. */
const mostBodyBytes = 1_048_576

export type Fetch = (url: string, init: RequestInit) => Promise<Response>
/** Takes one reading. Never rejects: whatever happens is an outcome. */
export type Read = (reading: Reading) => Promise<Outcome>

export interface ReaderDeps {
  readonly fetch: Fetch
  readonly clock: Clock
  /** Base address of OctoPrint. */
  readonly url: string
  readonly apiKey: string
  /** Ends whatever is under way. */
  readonly signal: AbortSignal
}

/**
 * Reads OctoPrint by GET and nothing else. No `X-OctoPrint-Api-Version` is sent: 2.0 would change
 * the shape of its answers.
 */
export const octoPrintReader =
  ({ fetch, clock, url, apiKey, signal }: ReaderDeps): Read =>
  async (reading) => {
    const get = (stop: AbortSignal) => async () => {
      const response = await fetch(endpointUrl(url, reading), {
        method: 'GET',
        headers: { 'X-Api-Key': apiKey, Accept: 'application/json' },
        // A redirect would carry the key to wherever it leads.
        redirect: 'manual',
        signal: stop,
      })
      return classify(reading, response.status, await readBody(response, mostBodyBytes))
    }
    try {
      const bounds = { clock, signal, ms: timeOuts.octoPrintRequest }
      const outcome = await within(bounds, (stop) => onceMore(get(stop)))
      return outcome === 'late' ? { kind: 'not_answering' } : outcome
    } catch (error) {
      return { kind: 'unreachable', code: failureCode(error) }
    }
  }

/**
 * OctoPrint 1.9 closes kept connections without saying so, and the next request on one is reset.
 * The reset removes it from fetch's pool, so the second try opens another.
 */
const onceMore = async <T>(get: () => Promise<T>): Promise<T> => {
  try {
    return await get()
  } catch (error) {
    if (!resets.has(failureCode(error))) throw error
    return get()
  }
}

const resets = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])
