import {
  connectionOfSubscription,
  printerPartition,
  stateKey,
  subscriptionPrefix,
} from '../table/keys.ts'
import type { Target } from './broadcast-batch.ts'
import type { Ports } from '../ports.ts'
import { parseItem, unlessDamaged } from '../table/read-item.ts'
import { stateItemSchema, type StateItem } from '../publishing/state-item.ts'
import { subscriptionItemSchema } from './subscription-item.ts'
import type { Item } from '../table/table.ts'
import { everyItem } from '../table/every-item.ts'

/** Everything a printer has in `live`, read with one query: its state and who watches. */
export interface Audience {
  readonly state: StateItem | undefined
  readonly targets: readonly Target[]
}

/**
 * STATE and SUB# share the prefix S, so the query of the fan-out also brings the head of the event
 * log, which the state write (which reads nothing) cannot know.
 */
const stateAndSubscriptions = 'S'

/** The subscriptions that are on and not run out, and the state beside them. */
export const audienceOf = async (ports: Ports, printerId: string): Promise<Audience> => {
  const items = await everyLiveItem(ports, printerId)
  const now = ports.now()
  const stateItem = items.find(({ sk }) => sk === stateKey(printerId).sk)
  const subscriptions = items
    .filter(({ sk }) => sk.startsWith(subscriptionPrefix))
    .flatMap((item) => unlessDamaged(ports, () => parseItem(subscriptionItemSchema, item)) ?? [])
  return {
    state: stateItem && unlessDamaged(ports, () => parseItem(stateItemSchema, stateItem)),
    targets: subscriptions
      .filter(({ st, until }) => st === 'on' && until > now)
      .map((item) => ({ conn: connectionOfSubscription(item), rid: item.rid, view: item.view })),
  }
}

/** Every item of that query, whatever it is worth and however old it is. */
export const everyLiveItem = (ports: Ports, printerId: string): Promise<Item[]> =>
  everyItem(ports.live, printerPartition(printerId), stateAndSubscriptions)
