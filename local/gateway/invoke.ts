import type { Timers } from './timers.ts'

/** How one call of a handler ended. */
export type Outcome =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'late' }

/** One finished call, for logs and metrics. */
export interface Invocation {
  readonly route: string
  readonly outcome: Outcome['kind']
  readonly ms: number
  readonly error: unknown
}

/**
 * Calls a handler the way the gateway does: it may answer, throw (also before its first await), or
 * be given up after `limitMs`. A handler that was given up runs on, as a Lambda would.
 */
export const invoke = async (
  call: () => Promise<unknown>,
  limitMs: number,
  timers: Timers,
): Promise<Outcome> => {
  let cancel = () => {}
  const late = new Promise<Outcome>((resolve) => {
    cancel = timers.after(limitMs, () => resolve({ kind: 'late' }))
  })
  const answer = (async (): Promise<Outcome> => {
    try {
      return { kind: 'answered', value: await call() }
    } catch (error) {
      return { kind: 'threw', error }
    }
  })()
  const outcome = await Promise.race([answer, late])
  cancel()
  return outcome
}
