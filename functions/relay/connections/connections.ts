import { timeOuts } from '../../../protocol/time-outs.ts'
import { agentDisconnected } from './agent-disconnected.ts'
import { generationOfCaller, printerOfAgent, type Caller } from '../caller.ts'
import { absent } from '../table/condition.ts'
import { connectionItemSchema } from './connection-item.ts'
import { expirySeconds, keptFor } from '../table/expiry.ts'
import { connectionKey, subscriptionKey } from '../table/keys.ts'
import { forgetConnection, noteConnection } from './open-connections.ts'
import type { Ports } from '../ports.ts'
import { takeToken } from '../limits/rate-limit.ts'
import { rateLimits } from '../limits/rate-limits.ts'
import { parseItem, unlessDamaged } from '../table/read-item.ts'
import { checkSession } from './sessions.ts'
import type { Item } from '../table/table.ts'

/** `$connect`: from now on the relay knows the connection, and it is on its principal's list. */
export const connected = async (ports: Ports, caller: Caller): Promise<void> => {
  const { connectionId, principal, kind, until } = caller
  await takeToken(ports, `connects#${principal}`, rateLimits.connects, 'connections')
  await noteConnection(ports, caller)
  const expiresAt = expirySeconds(ports.now() + timeOuts.connectionLife + keptFor.connectionMargin)
  const item = { principal, kind, subs: {}, until, expiresAt }
  await record(ports, connectionId, { ...connectionKey(connectionId), ...item })
  await refuseSignedOut(ports, caller)
  ports.metrics.count('fluxrelay_connections_opened_total', 1, kind)
  ports.log.info({ connectionId, kind, requestId: caller.requestId }, 'connected')
}

/**
 * An id that comes again while the relay still knows it must bring nothing of who had it before:
 * their subscriptions would post to whoever has it now.
 */
const record = async (ports: Ports, connectionId: string, item: Item): Promise<void> => {
  if ((await ports.live.put(item, absent('pk'))) === 'done') return
  const deletion = await ports.live.delete(connectionKey(connectionId))
  if (deletion.outcome === 'done') await dropSubscriptions(ports, connectionId, deletion.was)
  await ports.live.put(item)
}

/** After the connection is on record: signing out everywhere finds it there, or is seen here. */
const refuseSignedOut = async (ports: Ports, caller: Caller): Promise<void> => {
  const { principal, kind, signedAt = 0 } = caller
  if (kind === 'agent') return
  try {
    await checkSession(ports, { principal, signedAt })
  } catch (error) {
    await ports.live.delete(connectionKey(caller.connectionId))
    await forgetConnection(ports, caller)
    throw error
  }
}

/** `$disconnect`: best effort; what it leaves dies by its lease or by the next 410. */
export const disconnected = async (ports: Ports, caller: Caller): Promise<void> => {
  const { connectionId, kind } = caller
  ports.metrics.count('fluxrelay_connections_closed_total', 1, kind)
  ports.log.info({ connectionId, kind, requestId: caller.requestId }, 'disconnected')
  const deletion = await ports.live.delete(connectionKey(connectionId))
  if (kind === 'agent')
    await agentDisconnected(ports, printerOfAgent(caller), generationOfCaller(caller))
  else if (deletion.outcome === 'done') await dropSubscriptions(ports, connectionId, deletion.was)
  await forgetConnection(ports, caller)
}

const dropSubscriptions = async (ports: Ports, connectionId: string, was: Item): Promise<void> => {
  const item = unlessDamaged(ports, () => parseItem(connectionItemSchema, was))
  for (const printerId of Object.keys(item?.subs ?? {}))
    await ports.live.delete(subscriptionKey(printerId, connectionId))
}
