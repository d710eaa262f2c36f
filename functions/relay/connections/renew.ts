import type { Renew } from '../../../protocol/renew.ts'
import type { Caller } from '../caller.ts'
import { all, less, present, type Condition } from '../table/condition.ts'
import { liveConnection } from './connection-item.ts'
import { RelayError } from '../errors.ts'
import { inParallel } from '../in-parallel.ts'
import { connectionKey, subscriptionKey } from '../table/keys.ts'
import { leaseEnd, setsOf } from './lease.ts'
import type { Ports } from '../ports.ts'
import { post } from '../post.ts'
import { renewable } from '../watching/subscription-conditions.ts'
import { checkSession } from './sessions.ts'
import { consumeTicket } from './tickets.ts'

/** A renewal never shortens. */
const endsBefore = (until: number): Condition => all(present('pk'), less('until', until))

/** Lengthens the connection, and what it watches, to a newer sign-in of the same principal. */
export const renew = async (
  ports: Ports,
  { connectionId, principal }: Caller,
  { ticket }: Renew,
): Promise<void> => {
  const given = await consumeTicket(ports, ticket)
  if (given?.principal !== principal)
    throw new RelayError('unauthenticated', 'The ticket is not valid here: get another one.')
  // The connection is on its principal's list, so signing out later than this read ends it.
  await checkSession(ports, given)
  const change = { set: [['until', given.session] as const] }
  await ports.live.update(connectionKey(connectionId), change, endsBefore(given.session))
  const connection = await liveConnection(ports, connectionId)
  await inParallel(Object.keys(connection.subs), 8, async (printerId) => {
    const now = ports.now()
    const key = subscriptionKey(printerId, connectionId)
    const until = leaseEnd(now, connection)
    await ports.live.update(key, { set: setsOf(until) }, renewable(now, until))
  })
  await post(ports, connectionId, { type: 'renewed', until: connection.until })
}
