import type { octoPrintStates } from '../../protocol/printer-state.ts'
import { describeFailure, isFailure, stateOfFailure } from './outcome.ts'
import type { Failure, Outcome } from './outcome.ts'

export type OctoPrintState = (typeof octoPrintStates)[number]

/** How things stand with OctoPrint, and for a person why. */
export interface Health {
  readonly state: OctoPrintState
  readonly detail: string | undefined
}

/** OctoPrint that was well so lately (ms) and is gone now is taken to be restarting. */
const restartWindow = 60_000

/**
 * Judged by the newest outcome of the two readings that matter. `/api/connection` and
 * `/api/version` don't count: a key may lack the right to read them.
 */
export const healthOf = (
  newest: { readonly job: Outcome | undefined; readonly printer: Outcome | undefined },
  sinceOk: number | undefined,
): Health => {
  const outcomes = [newest.job, newest.printer].filter((one) => one !== undefined)
  const failure = outcomes.find(isFailure)
  if (!failure) return { state: outcomes.length > 0 ? 'ok' : 'starting', detail: undefined }
  if (looksLikeRestart(failure) && sinceOk !== undefined && sinceOk < restartWindow)
    return { state: 'restarting', detail: 'OctoPrint was well a moment ago and seems to restart' }
  return { state: stateOfFailure(failure), detail: describeFailure(failure) }
}

const looksLikeRestart = (failure: Failure): boolean =>
  failure.kind === 'unreachable' ||
  (failure.kind === 'server_error' && (failure.status === 502 || failure.status === 503))
