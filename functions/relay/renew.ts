import type { Renew } from '../../protocol/renew.ts'
import type { Caller } from './caller.ts'
import { all, less, present, type Condition } from './condition.ts'
import { liveConnection } from './connection-item.ts'
import { RelayError } from './errors.ts'
import { inParallel } from './in-parallel.ts'
import { connectionKey, subscriptionKey } from './keys.ts'
import type { Ports } from './ports.ts'
import { post } from './post.ts'
import { lease } from './subscribe.ts'
import { onAndLeased } from './subscription-conditions.ts'
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
  const change = { set: [['until', given.session] as const] }
  await ports.live.update(connectionKey(connectionId), change, endsBefore(given.session))
  const connection = await liveConnection(ports, connectionId)
  await inParallel(Object.keys(connection.subs), 8, async (printerId) => {
    const now = ports.now()
    const key = subscriptionKey(printerId, connectionId)
    await ports.live.update(key, { set: lease(now, connection) }, onAndLeased(now))
  })
  await post(ports, connectionId, { type: 'renewed', until: connection.until })
}
