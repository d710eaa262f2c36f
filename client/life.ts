import { errorCodes } from '../protocol/error-codes.ts'
import { timeOuts } from '../protocol/time-outs.ts'
import type { RelayToViewer } from '../protocol/relay-to-viewer.ts'
import { backoffMs } from '../protocol/backoff.ts'
import { RequestError, SignInRequiredError } from './errors.ts'
import { openLink, type Link, type LinkDeps, type LinkEvents } from './link.ts'
import { advance, newSession, type EndReason, type Happening, type Session } from './session.ts'

export interface LifeDeps extends LinkDeps {
  readonly random: () => number
  readonly frame: (frame: RelayToViewer) => void
  readonly unreadable: () => void
  readonly refused: LinkEvents['refused']
  /** The session's phase moved on. */
  readonly changed: (session: Session) => void
}

/** Carries out what the session's state machine decides: dials, waits, hands over, drops. */
export interface Life {
  step(what: Happening): void
  /** What is wanted has changed. */
  reconcile(): void
  /**
   * The network is back, the page is looked at, the machine woke: do not wait, do not trust. Asleep
   * it does nothing, `sleep(false)` is to come first.
   */
  hurry(): void
  /** Asleep, a lost link is not dialled again until `sleep(false)`. */
  sleep(asleep: boolean): void
}

/** A link that was dialled, from the ticket on. `live` is false once nobody waits for it. */
interface Attempt {
  live: boolean
  link: Link | undefined
}

export const createLife = (deps: LifeDeps): Life => {
  const { clock, random, rest } = deps
  let session: Session = newSession
  let current: Attempt | undefined
  let successor: Attempt | undefined
  let asleep = false
  let cancelWait = () => {}
  let cancelHandOver = () => {}

  const drop = (attempt: Attempt | undefined) => {
    if (!attempt) return
    attempt.live = false
    attempt.link?.end()
  }
  const dropAll = () => {
    cancelWait()
    cancelHandOver()
    drop(current)
    drop(successor)
    current = successor = undefined
  }
  const step = (what: Happening) => {
    const { session: next, todo } = advance(session, what, random)
    const moved = next.phase !== session.phase
    session = next
    if (todo.do !== 'nothing') dropAll()
    if (todo.do === 'dial') current = dial(todo.fresh, eventsOfCurrent, failed)
    if (todo.do === 'wait' && !asleep)
      cancelWait = clock.after(todo.ms, () => step({ type: 'due' }))
    if (moved) deps.changed(session)
  }
  const failed = (error: unknown) => step(happeningOf(error))

  const dial = (
    fresh: boolean,
    events: (attempt: Attempt) => LinkEvents,
    refused: (error: unknown) => void,
  ): Attempt => {
    const attempt: Attempt = { live: true, link: undefined }
    rest
      .ticket({ fresh })
      .then((bought) => {
        if (attempt.live) attempt.link = openLink(deps, bought, events(attempt))
      })
      .catch((error: unknown) => {
        if (attempt.live) refused(error)
      })
    return attempt
  }
  const whileLive =
    <Args extends readonly unknown[]>(attempt: Attempt, fn: (...args: Args) => void) =>
    (...args: Args) => {
      if (attempt.live) fn(...args)
    }
  const takeFrame = (frame: RelayToViewer) => {
    step({ type: 'heard' })
    deps.frame(frame)
  }
  const eventsOfCurrent = (attempt: Attempt): LinkEvents => ({
    opened: whileLive(attempt, () => {
      step({ type: 'opened' })
      planHandOver()
    }),
    frame: whileLive(attempt, takeFrame),
    unreadable: whileLive(attempt, deps.unreadable),
    refused: whileLive(attempt, deps.refused),
    ready: whileLive(attempt, () => takeOver(attempt)),
    gone: whileLive(attempt, (reason) => {
      attempt.live = false
      if (attempt === successor) return handOverFailed()
      if (reason) step({ type: 'closing', reason })
      else step({ type: 'lost', retryAfter: undefined })
    }),
  })
  const eventsOfSuccessor = (attempt: Attempt): LinkEvents => ({
    ...eventsOfCurrent(attempt),
    opened: () => {},
  })
  const planHandOver = () => {
    cancelHandOver()
    // Spread out, or all who came together would come again together.
    const early = timeOuts.handOverBefore * (1 + random())
    cancelHandOver = clock.after(timeOuts.connectionLife - early, handOver)
  }
  const handOver = () => {
    successor = dial(false, eventsOfSuccessor, handOverFailed)
  }
  const handOverFailed = () => {
    drop(successor)
    successor = undefined
    cancelHandOver = clock.after(backoffMs(5, random), handOver)
  }
  /** The old one ends only after the new one gets every frame, so that none is missed. */
  const takeOver = (attempt: Attempt) => {
    if (attempt !== successor) return
    const old = current
    current = attempt
    successor = undefined
    drop(old)
    planHandOver()
  }
  return {
    step,
    reconcile: () => {
      current?.link?.reconcile()
      successor?.link?.reconcile()
    },
    hurry: () => {
      // Throttled timers look like a sleep of the machine: hidden pages would dial every minute.
      if (asleep) return
      current?.link?.doubt()
      step({ type: 'due' })
    },
    sleep: (now) => {
      asleep = now
      if (now) cancelWait()
      else step({ type: 'due' })
    },
  }
}

const happeningOf = (error: unknown): Happening => {
  if (error instanceof SignInRequiredError) return { type: 'refused', why: error.code }
  if (!(error instanceof RequestError)) return { type: 'lost', retryAfter: undefined }
  const why = endReasonOf(error)
  return why ? { type: 'refused', why } : { type: 'lost', retryAfter: error.retryAfter }
}

/** What no further try can change. */
const endReasonOf = (error: RequestError): EndReason | undefined =>
  error.code in errorCodes && !error.retryable ? (error.code as EndReason) : undefined
