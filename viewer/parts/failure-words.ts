import { RequestError, SignInRequiredError, type RequestFailure } from '../../client/errors.ts'
import { StartError, startWords } from '../errors.ts'
import { duration } from './format.ts'

/** What to tell, and to do, when the relay refuses what somebody asked for. */
export const codeWords: Record<RequestFailure | 'sign_in_required', string> = {
  no_answer: 'The relay does not answer. Check your network and try again.',
  odd_answer: 'Something other than the relay answered. Try again; if it lasts, tell its operator.',
  sign_in_required: 'Your sign-in ran out. Reload the page and sign in again.',
  unauthenticated: 'Your sign-in is not valid any more. Reload the page and sign in again.',
  session_expired: 'Your sign-in ran out. Reload the page and sign in again.',
  not_admitted: 'You are signed in, but not let in here. Ask the owner to invite your address.',
  not_owner: 'Only an owner of the site may do that. Ask one.',
  last_owner: 'A site keeps at least one owner. Make somebody else an owner first.',
  limit_reached: 'There are as many of these as there may be. Remove one first.',
  secret_not_valid: 'This code or link was used, withdrawn or ran out. Ask for a new one.',
  not_found: 'It is not there any more, or you have no right to see it.',
  rate_limited: 'That was too often in a short time.',
  too_many_connections: 'Too many pages are open at the same time. Close others.',
  too_many_subscriptions: 'Too many printers are watched at the same time.',
  unavailable: 'A part of the relay does not answer. Try again.',
  internal: 'The relay made a mistake, which its log tells of. Try again.',
  bad_json: 'The relay did not understand this page. Reload it.',
  bad_frame: 'The relay did not understand this page. Reload it.',
  bad_request: 'The relay does not take this as it is. Check what you typed.',
  unknown_action: 'The relay did not understand this page. Reload it.',
  frame_too_large: 'That is longer than the relay takes.',
  wrong_role: 'That is not for this kind of access.',
  origin_refused: 'The relay does not accept pages from this address. Its operator can add it.',
  unknown_connection: 'The connection ended. Reload the page.',
}

/** What failed is asked for again so soon, ms, unless the relay wants more time. */
const retryMs = 5_000

/** When to ask again (ms from now) what may go well then without anybody doing something. */
export const againIn = (error: unknown): number | undefined => {
  if (error instanceof StartError && error.code === 'issuer_unreachable') return retryMs
  if (!(error instanceof RequestError) || !error.retryable) return undefined
  return Math.max(error.retryAfter ?? 0, retryMs)
}

/** Whether it was refused, and asking again cannot help. */
export const isForGood = (error: unknown): boolean =>
  error !== undefined && againIn(error) === undefined

/** A refusal as a sentence or two, with when to try again where the relay says it. */
export const failureWords = (error: unknown, locale?: string): string => {
  if (error instanceof SignInRequiredError) return codeWords.sign_in_required
  if (error instanceof StartError) return startWords[error.code].text
  if (!(error instanceof RequestError)) return codeWords.odd_answer
  const { retryAfter } = error
  const wait =
    retryAfter === undefined ? '' : ` Wait ${duration(Math.max(1000, retryAfter), locale)}.`
  return codeWords[error.code] + wait
}
