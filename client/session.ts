import { closingReasons, type ClosingReasonName } from '../protocol/closing-reasons.ts'
import type { ErrorCodeName } from '../protocol/error-codes.ts'
import { timeOuts } from '../protocol/time-outs.ts'
import { backoffMs } from '../protocol/backoff.ts'

/** Why a session ended for good: until a person does something. */
export type EndReason = ClosingReasonName | ErrorCodeName | 'sign_in_required'

/** Where the life of the link stands. */
export type Phase =
  | { readonly at: 'stopped' }
  | { readonly at: 'dialling' }
  | { readonly at: 'open' }
  | { readonly at: 'waiting' }
  | { readonly at: 'ended'; readonly why: EndReason }

export interface Session {
  readonly phase: Phase
  /** Tries since the last message; a bare socket proves nothing. */
  readonly attempt: number
}

export type Happening =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'opened' }
  | { readonly type: 'heard' }
  /** The socket or the ticket could not be had, or the link died. */
  | { readonly type: 'lost'; readonly retryAfter: number | undefined }
  | { readonly type: 'closing'; readonly reason: ClosingReasonName }
  | { readonly type: 'refused'; readonly why: EndReason }
  /** The wait is over, or there is reason to hope (network is back, the page is looked at). */
  | { readonly type: 'due' }

export type Todo =
  | { readonly do: 'nothing' }
  /** `fresh`: the token that was used is no good any more. */
  | { readonly do: 'dial'; readonly fresh: boolean }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'drop' }

export interface Step {
  readonly session: Session
  readonly todo: Todo
}

export const newSession: Session = { phase: { at: 'stopped' }, attempt: 0 }

const stay = (session: Session): Step => ({ session, todo: { do: 'nothing' } })
const dial = (attempt: number, fresh: boolean): Step => ({
  session: { phase: { at: 'dialling' }, attempt },
  todo: { do: 'dial', fresh },
})
const wait = (attempt: number, ms: number): Step => ({
  session: { phase: { at: 'waiting' }, attempt },
  todo: { do: 'wait', ms },
})
const end = (why: EndReason): Step => ({
  session: { phase: { at: 'ended', why }, attempt: 0 },
  todo: { do: 'drop' },
})

const isOver = ({ phase }: Session) => phase.at === 'stopped' || phase.at === 'ended'

/** The whole life of the link: what happened, where that leads, and the one thing to do then. */
export const advance = (session: Session, what: Happening, random: () => number): Step => {
  if (what.type === 'start') return isOver(session) ? dial(0, false) : stay(session)
  if (what.type === 'stop') return { session: newSession, todo: { do: 'drop' } }
  if (isOver(session)) return stay(session)
  switch (what.type) {
    case 'opened':
      return stay({ ...session, phase: { at: 'open' } })
    case 'heard':
      return session.attempt === 0 ? stay(session) : stay({ ...session, attempt: 0 })
    case 'lost':
      return lost(session, what.retryAfter, random)
    case 'closing':
      return closing(session, what.reason, random)
    case 'refused':
      return end(what.why)
    case 'due':
      return session.phase.at === 'waiting' ? dial(session.attempt, false) : stay(session)
    default:
      return what satisfies never
  }
}

const lost = ({ attempt }: Session, retryAfter: number | undefined, random: () => number) =>
  wait(attempt + 1, Math.max(retryAfter ?? 0, backoffMs(attempt, random)))

const closing = (session: Session, reason: ClosingReasonName, random: () => number): Step => {
  const { then } = closingReasons[reason]
  switch (then) {
    case 'reconnect':
      return lost(session, undefined, random)
    case 'retry later':
      return wait(session.attempt + 1, timeOuts.supersededRetry)
    case 'sign in again':
      // A machine that slept past its sign-in can often renew it without a person; if not, the
      // refused ticket ends the session.
      return dial(session.attempt + 1, true)
    case 'stop':
      return end(reason)
    default:
      return then satisfies never
  }
}
