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

/** The Lambda's own time-out ended it: to the gateway that is a crash like any other. */
class HandlerTimedOut extends Error {
  override readonly name = 'HandlerTimedOut'
  readonly code = 'handler-timed-out'
}

/** How long a handler may take, ms. */
export interface TimeLimits {
  /** Its own time-out, as deployed. */
  readonly handlerMs: number
  /** So long the gateway waits for its answer. */
  readonly integrationMs: number
}

/**
 * Calls a handler the way the gateway does: it may answer, throw (also before its first await), be
 * ended by its own time-out, or be given up. One that was ended here runs on, which no Lambda does.
 */
export const invoke = async (
  call: () => Promise<unknown>,
  { handlerMs, integrationMs }: TimeLimits,
  timers: Timers,
): Promise<Outcome> => {
  let cancel = () => {}
  const over = new Promise<Outcome>((resolve) => {
    const ended = () => new HandlerTimedOut(`The handler took more than its ${handlerMs} ms.`)
    cancel = timers.after(Math.min(handlerMs, integrationMs), () =>
      resolve(handlerMs < integrationMs ? { kind: 'threw', error: ended() } : { kind: 'late' }),
    )
  })
  const answer = (async (): Promise<Outcome> => {
    try {
      return { kind: 'answered', value: await call() }
    } catch (error) {
      return { kind: 'threw', error }
    }
  })()
  const outcome = await Promise.race([answer, over])
  cancel()
  return outcome
}
