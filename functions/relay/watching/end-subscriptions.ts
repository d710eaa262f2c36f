import { everyLiveItem } from './audience.ts'
import { inParallel } from '../in-parallel.ts'
import { connectionOfSubscription, subscriptionPrefix } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { endConnection } from '../post.ts'
import type { Item } from '../table/table.ts'

/** A site link can have 250 guests on 200 printers, and all end within one handler. */
const printersAtOnce = 8
const endsAtOnce = 16

/**
 * Ends what some principals watch of these printers, with their connections. For whoever has
 * withdrawn their right in `directory` before.
 */
export const endSubscriptions = (
  ports: Ports,
  printerIds: readonly string[],
  isTheirs: (principal: string) => boolean,
): Promise<void> =>
  inParallel(printerIds, printersAtOnce, async (printerId) => {
    const items = await everyLiveItem(ports, printerId)
    // Whatever state or age an entry has: a pending one may be about to turn on.
    const theirs = items.filter(
      ({ sk, who }) =>
        sk.startsWith(subscriptionPrefix) && typeof who === 'string' && isTheirs(who),
    )
    await inParallel(theirs, endsAtOnce, (item) => end(ports, item))
  })

/** The connection first: a repetition after a crash must find the entry that names it. */
const end = async (ports: Ports, item: Item): Promise<void> => {
  await endConnection(ports, connectionOfSubscription(item), 'access_revoked')
  await ports.live.delete({ pk: item.pk, sk: item.sk })
}
