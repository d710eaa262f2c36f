import type { Ping } from '../../../protocol/ping.ts'
import type { Caller } from '../caller.ts'
import { all } from '../table/condition.ts'
import { liveConnection } from './connection-item.ts'
import { inParallel } from '../in-parallel.ts'
import { subscriptionKey } from '../table/keys.ts'
import { leaseEnd, setsOf } from './lease.ts'
import type { Ports } from '../ports.ts'
import { post } from '../post.ts'
import { renewable, sameRid } from '../watching/subscription-conditions.ts'

const renewalsAtOnce = 8

/** Renews the lease of each named subscription; the pong names those that the relay lacks. */
export const ping = async (
  ports: Ports,
  { connectionId }: Caller,
  { subs }: Ping,
): Promise<void> => {
  const connection = await liveConnection(ports, connectionId)
  const missing: string[] = []
  await inParallel(Object.entries(subs), renewalsAtOnce, async ([printerId, rid]) => {
    const now = ports.now()
    const key = subscriptionKey(printerId, connectionId)
    const until = leaseEnd(now, connection)
    const when = all(sameRid(rid), renewable(now, until))
    const outcome = await ports.live.update(key, { set: setsOf(until) }, when)
    if (outcome === 'refused') missing.push(printerId)
  })
  await post(ports, connectionId, { type: 'pong', missing: missing.sort(), now: ports.now() })
}
