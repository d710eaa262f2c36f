import { timeOuts } from '../../protocol/time-outs.ts'
import { agentDisconnected } from './agent-disconnected.ts'
import { generationOfCaller, printerOfAgent, type Caller } from './caller.ts'
import { connectionItemSchema } from './connection-item.ts'
import { expirySeconds, keptFor } from './expiry.ts'
import { connectionKey, subscriptionKey } from './keys.ts'
import type { Ports } from './ports.ts'
import { parseItem, unlessDamaged } from './read-item.ts'

/** `$connect`: from now on the relay knows the connection. */
export const connected = async (ports: Ports, caller: Caller): Promise<void> => {
  const { connectionId, principal, kind, until } = caller
  const expiresAt = expirySeconds(ports.now() + timeOuts.connectionLife + keptFor.connectionMargin)
  const item = { principal, kind, subs: {}, until, expiresAt }
  await ports.live.put({ ...connectionKey(connectionId), ...item })
  ports.metrics.count('fluxrelay_connections_opened_total', 1, kind)
  ports.log.info({ connectionId, kind, requestId: caller.requestId }, 'connected')
}

/** `$disconnect`: best effort; what it leaves dies by its lease or by the next 410. */
export const disconnected = async (ports: Ports, caller: Caller): Promise<void> => {
  const { connectionId, kind } = caller
  ports.metrics.count('fluxrelay_connections_closed_total', 1, kind)
  ports.log.info({ connectionId, kind, requestId: caller.requestId }, 'disconnected')
  const deletion = await ports.live.delete(connectionKey(connectionId))
  if (kind === 'agent')
    return agentDisconnected(ports, printerOfAgent(caller), generationOfCaller(caller))
  if (deletion.outcome !== 'done') return
  const item = unlessDamaged(ports, () => parseItem(connectionItemSchema, deletion.was))
  for (const printerId of Object.keys(item?.subs ?? {}))
    await ports.live.delete(subscriptionKey(printerId, connectionId))
}
