import { connectionOfSubscription } from '../../functions/relay/table/keys.ts'
import type { Item } from '../../functions/relay/table/table.ts'
import { expiryOf, sweepEvery, sweepLateness } from './sweep.ts'
import type { SoakWorld } from './soak-world.ts'

/** Why an item of the live table is there. */
export const reasons = {
  state: 'a printer',
  connected: 'a connection that the gateway holds',
  leftConnection: 'a connection whose $disconnect was lost or is under way',
  wanted: 'a subscription that its page wants',
  leftSubscription: 'a subscription whose unsubscribe or $disconnect was lost: its lease runs out',
  tombstone: 'an unsubscribe, or a subscribe under way',
  ticket: 'a ticket that has not expired',
  list: 'the open connections of a printer or a person of the run',
  bucket: 'a rate limit that is not full again',
  expired: 'nothing any more: it waits for the sweeper',
  unexplained: 'nobody knows',
} as const
export type Reason = keyof typeof reasons
export type LiveCounts = Readonly<Record<Reason, number>>

/** Counts the live table by the reason each item has to be there, judged from outside the relay. */
export const liveCounts = (world: SoakWorld): LiveCounts => {
  const counts: Record<Reason, number> = {
    ...{ state: 0, connected: 0, leftConnection: 0, wanted: 0, leftSubscription: 0 },
    ...{ tombstone: 0, ticket: 0, list: 0, bucket: 0, expired: 0, unexplained: 0 },
  }
  const wanted = wantedSubscriptions(world)
  for (const item of world.live.items()) {
    const reason = reasonOf(world, wanted, item)
    counts[reason]++
    if (reason === 'unexplained')
      world.ground.violated('every live item has its reason', JSON.stringify(item).slice(0, 300))
  }
  return counts
}

const reasonOf = (world: SoakWorld, wanted: ReadonlySet<string>, item: Item): Reason => {
  const until = expiryOf(item)
  if (until <= world.now())
    return world.now() - until <= sweepLateness + sweepEvery ? 'expired' : 'unexplained'
  switch (item.pk.slice(0, 2)) {
    case 'P#':
      return item.sk === 'STATE' ? stateReason(world, item) : subscriptionReason(wanted, item)
    case 'C#':
      return connectionReason(world, item.pk.slice(2))
    case 'K#':
      return 'ticket'
    case 'L#':
      return principalsOf(world).has(item.pk.slice(2)) ? 'list' : 'unexplained'
    case 'B#':
      return 'bucket'
    default:
      return 'unexplained'
  }
}

const principalsOf = ({ printers, devices }: SoakWorld): ReadonlySet<string> =>
  new Set([...printers.map((id) => `agent:${id}`), ...devices.map(({ who }) => who)])

const stateReason = ({ printers }: SoakWorld, { pk }: Item): Reason =>
  printers.includes(pk.slice(2)) ? 'state' : 'unexplained'

const connectionReason = ({ gateway, tally }: SoakWorld, id: string): Reason => {
  if (gateway.connections.has(id)) return 'connected'
  return tally.disconnected.has(id) ? 'unexplained' : 'leftConnection'
}

const subscriptionReason = (wanted: ReadonlySet<string>, item: Item): Reason => {
  if (item['st'] !== 'on') return 'tombstone'
  const id = connectionOfSubscription(item)
  return wanted.has(`${item.pk} ${id}`) ? 'wanted' : 'leftSubscription'
}

/** What pages want by the connections that the gateway holds for them: two while one hands over. */
const wantedSubscriptions = ({ devices, gateway }: SoakWorld): ReadonlySet<string> => {
  const byPerson = new Map(devices.map((device) => [device.who, device.page]))
  const wanted = new Set<string>()
  for (const { id, kind, principal } of gateway.connections.values()) {
    if (kind !== 'viewer') continue
    for (const printerId of byPerson.get(principal)?.watching.keys() ?? [])
      wanted.add(`P#${printerId} ${id}`)
  }
  return wanted
}

/** Design §11, property 13, with its terms counted outside the relay. */
export const liveBound = (world: SoakWorld, counts: LiveCounts): number =>
  world.printers.length +
  world.gateway.connections.size +
  wantedSubscriptions(world).size +
  counts.ticket +
  counts.bucket +
  Math.min(counts.list, principalsOf(world).size) +
  counts.tombstone +
  // What a lost $disconnect leaves, until its lease or its two hours are over.
  counts.leftConnection +
  counts.leftSubscription
