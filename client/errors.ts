import type { ErrorCodeName } from '../protocol/error-codes.ts'

/** There is no sign-in any more, and none can be had without a person. */
export class SignInRequiredError extends Error {
  override readonly name = 'SignInRequiredError'
  readonly code = 'sign_in_required'

  constructor(where: string, options?: ErrorOptions) {
    super(`${where} needs a new sign-in: the present one ran out or was refused`, options)
  }
}

/** What a request came to: the relay's own code, or that no (sensible) answer came at all. */
export type RequestFailure = ErrorCodeName | 'no_answer' | 'odd_answer'

/** A request to the HTTP API that brought nothing usable. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: RequestFailure
  /** Whether the same request can succeed later. */
  readonly retryable: boolean
  /** Wait so long (ms) before that. */
  readonly retryAfter: number | undefined

  constructor(
    where: string,
    failure: {
      code: RequestFailure
      message: string
      retryable: boolean
      retryAfter: number | undefined
    },
    options?: ErrorOptions,
  ) {
    super(`${where}: ${failure.message}`, options)
    this.code = failure.code
    this.retryable = failure.retryable
    this.retryAfter = failure.retryAfter
  }
}

/** How long (ms) the relay asked to wait before the next try. */
export const waitAsked = (error: unknown): number =>
  error instanceof RequestError ? (error.retryAfter ?? 0) : 0

/** Ends all of a session, whatever was asked for: the sign-in or the share link is gone. */
export const refusalOfAll = (
  error: unknown,
): 'sign_in_required' | 'secret_not_valid' | undefined => {
  if (error instanceof SignInRequiredError) return error.code
  return error instanceof RequestError && error.code === 'secret_not_valid' ? error.code : undefined
}

/** Concerns one printer, of which nothing more can be had. */
export const refusalOfPrinter = (error: unknown): 'not_found' | 'not_admitted' | undefined =>
  error instanceof RequestError && (error.code === 'not_found' || error.code === 'not_admitted')
    ? error.code
    : undefined
