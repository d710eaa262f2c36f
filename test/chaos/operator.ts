import { newAgentToken } from '../../functions/relay/publishing/agent-token.ts'
import type { Relay } from '../../functions/relay/create-relay.ts'
import { second, type Ground } from './ground.ts'
import type { Invocations } from './invocations.ts'
import { addToken } from '../../functions/relay/publishing/rotate-token.ts'
import { grantOnPrinter } from '../support/grant-on-printer.ts'
import { revokeOnPrinter } from '../../functions/relay/people/revoke-people.ts'
import { RelayError } from '../../functions/relay/errors.ts'
import { revokeToken } from '../../functions/relay/publishing/revoke.ts'
import type { GuestOracle } from './guest-oracle.ts'
import type { Link } from './guest-seat.ts'
import { newShareOf, owner, type Offer } from './links.ts'
import type { Oracle } from './oracle.ts'

/** Whoever grants and revokes: tries again until the relay says that it is done. */
export interface Operator {
  revoke(who: string, printerId: string): void
  grant(who: string, printerId: string): void
  /** Gives a printer a new token, then revokes the old one; `now` is told when each step is done. */
  rotate(printerId: string, now: (token: string) => void): void
  withdraw(link: Link): void
  makeLink(offer: Offer, now: (link: Link) => void): void
  readonly busy: boolean
  readonly revoked: ReadonlySet<string>
}

export const createOperator = (
  ground: Ground,
  invocations: Invocations,
  { oracle, guests }: { readonly oracle: Oracle; readonly guests: GuestOracle },
  versions: Map<string, number>,
): Operator => {
  const queue: {
    label: string
    work: (relay: Relay) => Promise<unknown>
    done: (v: unknown) => void
  }[] = []
  const revoked = new Set<string>()
  let busy = false

  const next = () => {
    const task = queue[0]
    if (!task || busy) return
    busy = true
    invocations.invoke(task.label, task.work, (how) => {
      busy = false
      if (how.kind === 'done') {
        queue.shift()
        task.done(how.value)
        return next()
      }
      ground.loop.after(ground.random.between(0.5, 3) * second, `${task.label} again`, next)
    })
  }
  const order = (
    label: string,
    work: (relay: Relay) => Promise<unknown>,
    done: (value: unknown) => void,
  ) => {
    queue.push({ label, work, done })
    next()
  }
  return {
    revoke: (who, printerId) => {
      revoked.add(`${who} ${printerId}`)
      order(
        `revoke ${who} on ${printerId}`,
        (relay) => revokeOnPrinter(relay.ports, printerId, who),
        () => oracle.revoked(who, printerId),
      )
    },
    grant: (who, printerId) =>
      order(
        `grant ${who} on ${printerId}`,
        (relay) => {
          oracle.granted(who, printerId)
          return grantOnPrinter(relay.ports, printerId, who)
        },
        () => revoked.delete(`${who} ${printerId}`),
      ),
    rotate: (printerId, now) => {
      const { token, hash } = newAgentToken(printerId, (count) => ground.random.bytes(count))
      const old = versions.get(printerId) ?? 1
      order(
        `a new token for ${printerId}`,
        async (relay) => (await addToken(relay.ports, printerId, hash)).version,
        (version) => {
          versions.set(printerId, version as number)
          now(token)
        },
      )
      order(
        `revoke token ${old} of ${printerId}`,
        (relay) => revokeToken(relay.ports, printerId, old),
        () => oracle.tokenRevoked(printerId, old),
      )
    },
    withdraw: (link) =>
      order(
        `withdraw link ${link.id.slice(0, 8)}`,
        (relay) => relay.revokeShare(owner, 'site-1', link.id).catch(unlessGone),
        () => guests.withdrawn(link),
      ),
    makeLink: (offer, now) =>
      order(
        'make a link',
        async (relay): Promise<Link> => ({
          ...(await relay.makeShare(owner, 'site-1', newShareOf(offer))),
          ...offer,
        }),
        (made) => {
          guests.made(made as Link)
          now(made as Link)
        },
      ),
    get busy() {
      return busy || queue.length > 0
    },
    revoked,
  }
}

/** A try whose answer was lost withdrew it: the list loses it last. */
const unlessGone = (error: unknown): void => {
  if (!(error instanceof RelayError && error.code === 'not_found')) throw error
}
