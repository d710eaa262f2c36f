import type { Subscribe } from '../../../protocol/subscribe.ts'
import { timeOuts } from '../../../protocol/time-outs.ts'
import type { Caller } from '../caller.ts'
import { absent } from '../table/condition.ts'
import { liveConnection, type ConnectionItem } from '../connections/connection-item.ts'
import { asks, writeTaking } from '../limits/connection-rates.ts'
import { RelayError } from '../errors.ts'
import { expirySeconds } from '../table/expiry.ts'
import { grantOf, type Grant } from '../people/grants.ts'
import { connectionKey, subscriptionKey } from '../table/keys.ts'
import { leaseEnd, setsOf } from '../connections/lease.ts'
import type { Ports } from '../ports.ts'
import { showState } from './show-state.ts'
import {
  higherRid,
  notedAs,
  roomForPrinter,
  sameRid,
  stillPending,
} from './subscription-conditions.ts'
import { undecidedView } from './subscription-item.ts'

/**
 * Starts a printer's frames (design §6, `subscribe`). The entry is recorded as pending before the
 * grant is read: a revocation either removes the entry or is seen by the check.
 */
export const subscribe = async (ports: Ports, caller: Caller, frame: Subscribe): Promise<void> => {
  const { printerId, rid } = frame
  const connection = await noteSubscription(ports, caller, frame)
  const pending = await putPending(ports, caller, frame)
  if (pending === 'overtaken') return
  const grant = await grantOf(ports, printerId, caller.principal)
  if (!grant) {
    await forgetRefused(ports, caller, frame, pending)
    throw new RelayError('not_found', 'No such printer, or no right to see it.', { printerId, rid })
  }
  if (!(await turnOn(ports, caller, frame, { connection, grant }))) return
  const { connectionId } = caller
  const { view } = grant
  await showState(ports, { connectionId, printerId, rid, view, fresh: false, since: frame.since })
}

/** Step 1. */
const noteSubscription = async (
  ports: Ports,
  { connectionId }: Caller,
  { printerId, rid }: Subscribe,
): Promise<ConnectionItem> => {
  const change = { set: [[['subs', printerId], rid] as const] }
  const when = roomForPrinter(printerId, ports.now())
  const connection = await liveConnection(ports, connectionId)
  const about = { printerId, rid }
  if (await writeTaking(ports, connectionId, asks, { change, when, about })) return connection
  await liveConnection(ports, connectionId)
  throw new RelayError('too_many_subscriptions', 'Unsubscribe from another printer first.', {
    printerId,
    rid,
  })
}

/** `over`: in the place of an entry of a lower rid, whose subscribe may still be showing the state. */
type Pending = 'new' | 'over'

/** Step 2. Overtaken: a higher rid is there, which decides; nothing is to be said. */
const putPending = async (
  ports: Ports,
  { connectionId, principal }: Caller,
  { printerId, rid }: Subscribe,
): Promise<Pending | 'overtaken'> => {
  const until = ports.now() + timeOuts.pendingSubscription
  const item = {
    ...subscriptionKey(printerId, connectionId),
    ...{ rid, st: 'pending', who: principal, view: undecidedView, until },
    expiresAt: expirySeconds(until),
  }
  if ((await ports.live.put(item, absent('pk'))) === 'done') return 'new'
  return (await ports.live.put(item, higherRid(rid))) === 'done' ? 'over' : 'overtaken'
}

/**
 * Without a grant nothing stays: neither the entry nor the place that it took of the connection.
 * But an entry over another becomes a tombstone: the revocation that took the grant must find one,
 * or it would not end the connection to which the earlier subscribe still posts.
 */
const forgetRefused = async (
  ports: Ports,
  { connectionId }: Caller,
  { printerId, rid }: Subscribe,
  pending: Pending,
): Promise<void> => {
  const key = subscriptionKey(printerId, connectionId)
  const tombstone = [['st', 'off'] as const, ...setsOf(ports.now() + timeOuts.tombstone)]
  if (pending === 'new') await ports.live.delete(key, sameRid(rid))
  else await ports.live.update(key, { set: tombstone }, sameRid(rid))
  const change = { remove: [['subs', printerId] as const] }
  await ports.live.update(connectionKey(connectionId), change, notedAs(printerId, rid))
}

interface Granted {
  readonly connection: ConnectionItem
  readonly grant: Grant
}

/** Step 4. Refused: overtaken, revoked, or this handler took too long. */
const turnOn = async (
  ports: Ports,
  { connectionId }: Caller,
  { printerId, rid }: Subscribe,
  { connection, grant }: Granted,
): Promise<boolean> => {
  const now = ports.now()
  const { view, until } = grant
  const set = [
    ...[
      ['st', 'on'] as const,
      ['view', view] as const,
      ...setsOf(leaseEnd(now, connection, until)),
    ],
    ...(until === undefined ? [] : [['grantUntil', until] as const]),
  ]
  const key = subscriptionKey(printerId, connectionId)
  return (await ports.live.update(key, { set }, stillPending(rid, now))) === 'done'
}
