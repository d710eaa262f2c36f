import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import { liveBound, liveCounts, type LiveCounts } from './live-items.ts'
import type { SoakWorld } from './soak-world.ts'

/** What there is at one moment, after garbage was collected. */
export interface Sample {
  readonly hour: number
  /** Bytes in use. */
  readonly heap: number | undefined
  /** Bytes of it that the directory takes: what is kept on purpose, and grows. */
  readonly kept: number | undefined
  readonly live: LiveCounts
  readonly liveItems: number
  readonly bound: number
  readonly directory: Readonly<Record<'events' | 'history' | 'prints' | 'other', number>>
  readonly connections: number
  readonly pages: number
  readonly running: number
  /** Steps that are still to come, of everybody. */
  readonly pending: number
  /** The most timers of one agent, of one page. */
  readonly agentTimers: number
  readonly pageTimers: number
  /** The most sockets of one agent, of one page. */
  readonly sockets: number
  /** The largest view of one page, as JSON. */
  readonly view: number
  /** The most events that one page shows of one printer. */
  readonly shown: number
  /** The largest outbox file, bytes. */
  readonly outbox: number
}

const directoryKinds = { 'E#': 'events', 'T#': 'history', 'J#': 'prints' } as const

const countDirectory = (world: SoakWorld) => {
  const counts = { events: 0, history: 0, prints: 0, other: 0 }
  for (const item of world.directory.items()) {
    const kind = item.pk.slice(0, 2)
    counts[kind in directoryKinds ? directoryKinds[kind as keyof typeof directoryKinds] : 'other']++
  }
  return counts
}

/** Undefined where the collector cannot be called (`--expose-gc`). */
const heapUsed = (): number | undefined => {
  globalThis.gc?.()
  return globalThis.gc ? process.memoryUsage().heapUsed : undefined
}

/** What a second directory with the same items adds to the heap, strings and all. */
const keptBytes = async ({ directory }: SoakWorld, before: number | undefined) => {
  if (before === undefined) return undefined
  const copy = memoryTable()
  for (const item of directory.items()) await copy.put(structuredClone(item))
  const after = heapUsed()
  // Emptied by hand: what an optimised frame still holds of it would weigh on the next sample.
  for (const item of copy.items()) await copy.delete(item)
  return after === undefined ? undefined : after - before
}

const most = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0)

export const sampleOf = async (world: SoakWorld): Promise<Sample> => {
  const { ground, hosts, devices, gateway, invocations, live } = world
  // The harness remembers every connection of a host; a day of them is not what is measured.
  for (const { connections } of hosts) connections.splice(0, connections.length - 1)
  const heap = heapUsed()
  const kept = await keptBytes(world, heap)
  const counts = liveCounts(world)
  const pages = devices.flatMap(({ page }) => page ?? [])
  const views = pages.map(({ client }) => client.state())
  return {
    hour: ground.loop.now() / 3_600_000,
    ...{ heap, kept, live: counts, liveItems: live.items().length },
    bound: liveBound(world, counts),
    directory: countDirectory(world),
    connections: gateway.connections.size,
    pages: pages.length,
    running: invocations.running,
    pending: ground.loop.pending,
    agentTimers: most(hosts.map(({ process }) => process?.timers ?? 0)),
    pageTimers: most(pages.map(({ process }) => process.timers)),
    sockets: most([...hosts, ...pages].map(({ sockets }) => sockets.size)),
    view: most(views.map((view) => JSON.stringify(view).length)),
    shown: most(views.flatMap(({ printers }) => Object.values(printers).map(eventsShown))),
    outbox: most(hosts.map(({ files }) => files.text?.length ?? 0)),
  }
}

const eventsShown = ({ events }: { readonly events?: readonly unknown[] }): number =>
  events?.length ?? 0
