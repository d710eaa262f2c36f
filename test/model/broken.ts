import type { Condition } from '../../functions/relay/table/condition.ts'
import { holds } from '../../functions/relay/table/holds.ts'
import type { Caller } from '../../functions/relay/caller.ts'
import { grantOf } from '../../functions/relay/people/grants.ts'
import { subscriptionKey } from '../../functions/relay/table/keys.ts'
import type { Ports } from '../../functions/relay/ports.ts'
import { showState } from '../../functions/relay/watching/show-state.ts'
import type { Table } from '../../functions/relay/table/table.ts'
import { lastsLong } from './world.ts'
import type { Subscribe } from '../../protocol/subscribe.ts'

// Variants of the schemes that look right and are not. The properties' tests must refuse each.

/** (a) Reads the item, judges it, then writes: what a conditional write is not. */
export const readThenWrite = (table: Table): Table => ({
  ...table,
  put: async (item, when) => {
    if (when && !holds(when, await table.get(item))) return 'refused'
    return table.put(item)
  },
  update: async (key, change, when) => {
    if (when && !holds(when, await table.get(key))) return 'refused'
    return table.update(key, change)
  },
})

/** (c) The last writer of a subscription decides: no `rid` in the conditions. */
export const withoutRid = (table: Table): Table => ({
  ...table,
  put: (item, when) => table.put(item, item.sk.startsWith('SUB#') ? undefined : when),
  update: (key, change, when) =>
    table.update(key, change, key.sk.startsWith('SUB#') ? undefined : when),
})

/** (e) Checks the grant first, then records and turns on. */
export const subscribeCheckingFirst = async (
  ports: Ports,
  { connectionId, principal }: Caller,
  { printerId, rid }: Subscribe,
): Promise<void> => {
  if (!(await grantOf(ports, printerId, principal))) return
  await ports.live.put({
    ...subscriptionKey(printerId, connectionId),
    ...{ rid, st: 'on', who: principal, view: 'full', until: lastsLong, expiresAt: lastsLong },
  })
  await showState(ports, {
    ...{ connectionId, printerId, rid, view: 'full' },
    ...{ fresh: false, since: undefined },
  })
}

/** (f) Any hello of a connection confirms for the others: `seq` is not in the confirmation. */
export const confirmingForOthers = (table: Table): Table => ({
  ...table,
  update: (key, change, when) => {
    const [path, value] = change.set?.[0] ?? []
    if (path !== 'st' || value !== 'on' || key.sk !== 'STATE' || when?.kind !== 'all')
      return table.update(key, change, when)
    return table.update(key, change, { ...when, of: when.of.filter((one) => !isSeq(one)) })
  },
})

const isSeq = (condition: Condition): boolean =>
  condition.kind === 'equal' && condition.path === 'seq'
