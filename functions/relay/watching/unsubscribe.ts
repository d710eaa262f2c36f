import { timeOuts } from '../../../protocol/time-outs.ts'
import type { Unsubscribe } from '../../../protocol/unsubscribe.ts'
import type { Caller } from '../caller.ts'
import { liveConnection } from '../connections/connection-item.ts'
import { expirySeconds } from '../table/expiry.ts'
import { grantOf } from '../people/grants.ts'
import { connectionKey, subscriptionKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { higherRid, lowerRidThere, notedBefore } from './subscription-conditions.ts'
import { undecidedView } from './subscription-item.ts'

/** Ends a printer's frames; the tombstone keeps a late subscribe of a lower rid out. */
export const unsubscribe = async (
  ports: Ports,
  { connectionId, principal }: Caller,
  { printerId, rid }: Unsubscribe,
): Promise<void> => {
  await liveConnection(ports, connectionId)
  const until = ports.now() + timeOuts.tombstone
  const item = {
    ...subscriptionKey(printerId, connectionId),
    ...{ rid, st: 'off', who: principal, view: undecidedView, until },
    expiresAt: expirySeconds(until),
  }
  // Whoever has no right puts nothing new beside a printer: each publish would read it. A late
  // subscribe of theirs is refused anyway; an entry that is there stays for a revocation to find.
  const granted = await grantOf(ports, printerId, principal)
  const put = await ports.live.put(item, granted ? higherRid(rid) : lowerRidThere(rid))
  if (granted && put === 'refused') return
  const change = { remove: [['subs', printerId] as const] }
  await ports.live.update(connectionKey(connectionId), change, notedBefore(printerId, rid))
}
