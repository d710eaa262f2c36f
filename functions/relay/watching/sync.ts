import type { Sync } from '../../../protocol/sync.ts'
import type { Caller } from '../caller.ts'
import { present } from '../table/condition.ts'
import { unknownConnection } from '../connections/connection-item.ts'
import { asks, writeTaking } from '../limits/connection-rates.ts'
import { subscriptionKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { post } from '../post.ts'
import { readItem } from '../table/read-item.ts'
import { showState } from './show-state.ts'
import { subscriptionItemSchema } from './subscription-item.ts'

/** One snapshot of a subscribed printer. What is not subscribed is named as missing. */
export const sync = async (
  ports: Ports,
  { connectionId }: Caller,
  { printerId, rid, fresh = false }: Sync,
): Promise<void> => {
  const about = { printerId, rid }
  if (!(await writeTaking(ports, connectionId, asks, { change: {}, when: present('pk'), about })))
    throw unknownConnection()
  const key = subscriptionKey(printerId, connectionId)
  const item = await readItem(ports.live, subscriptionItemSchema, key)
  const lives = item !== undefined && item.until > ports.now()
  if (lives && item.rid === rid && item.st === 'on')
    return showState(ports, {
      ...{ connectionId, printerId, rid, fresh },
      ...{ view: item.view, since: undefined },
    })
  // A newer subscribe or unsubscribe decides, or this one is still at work: they answer.
  if (lives && (item.rid > rid || (item.rid === rid && item.st === 'pending'))) return
  await post(ports, connectionId, { type: 'pong', missing: [printerId], now: ports.now() })
}
