import { readHead } from '../past/append-events.ts'
import { audienceOf } from './audience.ts'
import { catchUp } from './catch-up.ts'
import { mustRaise, raise } from '../publishing/demand.ts'
import { sameRid } from './subscription-conditions.ts'
import { subscriptionKey, stateKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { post } from '../post.ts'
import { parseItem, unlessDamaged } from '../table/read-item.ts'
import { snapshotOf, stateItemSchema, type StateItem } from '../publishing/state-item.ts'
import { expired } from '../table/expiry.ts'
import { snapshotInView } from './in-view.ts'
import type { Snapshot } from '../../../protocol/rest.ts'
import type { View } from '../../../protocol/view.ts'

interface Asked {
  readonly connectionId: string
  readonly printerId: string
  readonly rid: number
  readonly view: View
  /** The viewer wants a new reading. */
  readonly fresh: boolean
  /** The last event it has shown. */
  readonly since: number | undefined
}

/** Steps 5 to 7 of a subscribe, and all of a sync: what is stored, then the demand for newer. */
export const showState = async (ports: Ports, asked: Asked): Promise<void> => {
  const { connectionId, printerId, rid, view, fresh, since } = asked
  const stored = await storedState(ports, printerId)
  const { n } = await readHead(ports, printerId)
  const head = Math.max(n, stored?.item.ev ?? 0)
  if (stored) {
    const snapshot = snapshotInView(view, stored.snapshot)
    const frame = { type: 'state', kind: 'snapshot', printerId, ...snapshot, ev: head } as const
    if ((await post(ports, connectionId, frame)) === 'gone') return forget(ports, asked)
  }
  const subscribed = { type: 'subscribed', printerId, rid, head, now: ports.now() } as const
  const outcome = await post(ports, connectionId, subscribed)
  if (outcome === 'gone') return forget(ports, asked)
  if (since !== undefined) await catchUp(ports, { ...asked, since, head })
  if (stored && (fresh || mustRaise(stored.item, ports.now())))
    await raiseFor(ports, printerId, stored.item)
}

/** The pace is that of everybody who watches: one more viewer must not speed a large audience up. */
const raiseFor = async (ports: Ports, printerId: string, stored: StateItem): Promise<void> => {
  const { targets } = await audienceOf(ports, printerId)
  await raise(ports, printerId, stored, Math.max(1, targets.length))
}

const forget = async (ports: Ports, { connectionId, printerId, rid }: Asked): Promise<void> => {
  await ports.live.delete(subscriptionKey(printerId, connectionId), sameRid(rid))
}

export interface StoredState {
  readonly item: StateItem
  readonly snapshot: Snapshot
}

/** What can be shown of a printer. A damaged state is told and counts as none: it heals itself. */
export const storedState = async (
  ports: Ports,
  printerId: string,
): Promise<StoredState | undefined> => {
  const found = await ports.live.get(stateKey(printerId))
  if (!found) return undefined
  return unlessDamaged(ports, () => {
    const item = parseItem(stateItemSchema, found)
    if (expired(item, ports.now())) return undefined
    return { item, snapshot: snapshotOf(printerId, item) }
  })
}
