import type { OctoPrintState } from './health.ts'

/** How one request to OctoPrint ended. What is told of a failure never holds a key or a body. */
export type Outcome =
  | { readonly kind: 'ok'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'not_operational' }
  | { readonly kind: 'key_refused'; readonly status: number }
  | { readonly kind: 'server_error'; readonly status: number }
  | { readonly kind: 'not_answering' }
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'odd_answer'; readonly what: string }

export type Failure = Exclude<Outcome, { kind: 'ok' | 'not_operational' }>

/** A 409 is an answer like any other: the printer is off, OctoPrint is well. */
export const isFailure = (outcome: Outcome): outcome is Failure =>
  outcome.kind !== 'ok' && outcome.kind !== 'not_operational'

/** For a person: what happened and what to do. */
export const describeFailure = (failure: Failure): string => {
  switch (failure.kind) {
    case 'key_refused':
      return `OctoPrint refuses the API key (${failure.status}): make a new one and configure it`
    case 'server_error':
      return `OctoPrint answers with an error of its own (${failure.status}): see its log`
    case 'not_answering':
      return 'OctoPrint takes the request but does not answer in time'
    case 'unreachable':
      return `OctoPrint cannot be reached (${failure.code}): is it running, is its address right?`
    case 'odd_answer':
      return `OctoPrint's answer is odd: ${failure.what}`
    default:
      return failure satisfies never
  }
}

export const stateOfFailure = (failure: Failure): OctoPrintState => failure.kind
