import type { ViewerToRelay } from '../protocol/viewer-to-relay.ts'
import type { Clock } from './deps.ts'
import { askRepeatedly } from './repeat.ts'
import type { Rest } from './rest.ts'
import { tokenExpiry } from './token-expiry.ts'

export interface RenewalDeps {
  readonly clock: Clock
  readonly rest: Pick<Rest, 'ticket'>
  readonly send: (frame: ViewerToRelay) => void
  /** The relay's clock, or the best guess at it, ms since 1970. */
  readonly relayNow: () => number
}

export interface Renewal {
  /** The relay said until when (ms since 1970) the connection lives now. */
  renewed(until: number): void
  /** Time may have passed that no timer saw: renews at once if it is due. */
  look(): void
  stop(): void
}

const longestLead = 2 * 60_000
const shortestDelay = 10_000

/** Renews the sign-in of a living connection before it runs out, with a ticket inside the link. */
export const keepRenewed = (deps: RenewalDeps, token: string): Renewal => {
  let cancel = () => {}
  let live = true
  /** When to renew by the relay's clock; while a renewal is under way, never. */
  let due = Infinity

  const renew = () => {
    due = Infinity
    const ask = () => {
      // Without a ticket there is nothing to send; the next round tries again, and when none
      // succeeds the relay stops its frames and refuses the next ping as `session_expired`.
      deps.rest.ticket({ fresh: true }).then(
        ({ ticket }) => live && deps.send({ action: 'renew', ticket }),
        () => {},
      )
    }
    cancel = askRepeatedly(deps.clock, ask, () => {
      cancel = deps.clock.after(shortestDelay, renew)
    })
  }
  const planFor = (until: number) => {
    cancel()
    if (!live) return
    const now = deps.relayNow()
    const remaining = until - now
    const lead = Math.min(longestLead, remaining / 2)
    const delay = Math.max(remaining - lead, shortestDelay)
    due = now + delay
    cancel = deps.clock.after(delay, renew)
  }
  const expiry = tokenExpiry(token)
  if (expiry !== undefined) planFor(expiry)
  return {
    renewed: planFor,
    look: () => {
      if (!live || deps.relayNow() < due) return
      cancel()
      renew()
    },
    stop: () => {
      live = false
      cancel()
    },
  }
}
