import { accountsOf, holds, unknownCounters } from './accounts.ts'
import type { Soaked } from './run-soak.ts'
import type { Sample } from './sample.ts'

export interface Claim {
  readonly holds: boolean
  readonly says: string
}

/** Of a trend over fewer hours nothing can be said. */
const fewestForTrend = 8
/** Bytes an hour that the heap may grow by beyond what the directory keeps: 2.4 MB in a day. */
export const heapSlopeBound = 100 * 1024
/** What one part of the system may hold at any hour. */
const limits = {
  agentTimers: 40,
  pageTimers: 60,
  sockets: 3,
  shown: 200,
  outbox: 2 * 65_536,
  /** Chunks of five minutes; one more for each start of the agent. */
  historyPerHour: 12,
} as const

/** Least-squares slope of `y` over the hours. */
export const slopeOf = (points: readonly (readonly [hour: number, y: number])[]): number => {
  const mean = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length
  const [x, y] = [mean(points.map(([hour]) => hour)), mean(points.map(([, value]) => value))]
  const over = points.reduce((sum, [hour, value]) => sum + (hour - x) * (value - y), 0)
  return over / points.reduce((sum, [hour]) => sum + (hour - x) ** 2, 0)
}

/**
 * What an hour adds to the heap when what each page costs is taken out: people come and go, and no
 * hour has the pages of the one before. Least squares over both at once.
 */
export const slopeBesidePages = (
  points: readonly { readonly hour: number; readonly pages: number; readonly heap: number }[],
): number => {
  const cost = (y: (point: (typeof points)[number]) => number) => {
    const spread = new Set(points.map(({ pages }) => pages)).size > 1
    return spread ? slopeOf(points.map((point) => [point.pages, y(point)] as const)) : 0
  }
  const [hourly, heapwise] = [cost(({ hour }) => hour), cost(({ heap }) => heap)]
  return slopeOf(
    points.map(
      ({ hour, pages, heap }) => [hour - hourly * pages, heap - heapwise * pages] as const,
    ),
  )
}

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`

type HeapSample = Pick<Sample, 'hour' | 'heap' | 'kept' | 'pages'>

export const heapBesidesKept = ({ heap, kept }: HeapSample): number | undefined =>
  heap === undefined || kept === undefined ? undefined : heap - kept

export const heapClaim = (samples: readonly HeapSample[], warm: number): Claim[] => {
  const points = samples.flatMap((sample) => {
    const heap = heapBesidesKept(sample)
    const { hour, pages } = sample
    return heap === undefined || hour < warm ? [] : [{ hour, pages, heap }]
  })
  if (points.length < fewestForTrend) return []
  const slope = slopeBesidePages(points)
  return [
    {
      holds: Math.abs(slope) <= heapSlopeBound,
      says: `the heap besides the directory and what pages cost moves by ${kib(slope)} an hour from hour ${warm} on, at most ±${kib(heapSlopeBound)}`,
    },
  ]
}

const mostOf = (samples: readonly Sample[], of: (sample: Sample) => number): number =>
  samples.reduce((most, sample) => Math.max(most, of(sample)), 0)

const atMost = (what: string, is: number, bound: number): Claim => ({
  holds: is <= bound,
  says: `${what}: ${is}, at most ${bound}`,
})

/** Everything that was claimed, and whether it holds. */
export const verdictOf = ({ world, samples }: Soaked): readonly Claim[] => {
  const { options, tally } = world
  const last = samples.at(-1)
  const accounts = accountsOf(world)
  const starts = world.hosts.reduce((sum, host) => sum + host.starts, 0)
  return [
    ...world.violations.map((says) => ({ holds: false, says })),
    ...heapClaim(samples, options.warm),
    ...samples
      .filter(({ liveItems, live, bound }) => liveItems - live.expired > bound)
      .map(({ hour, liveItems, live, bound }) => ({
        holds: false,
        says: `hour ${hour}: ${liveItems - live.expired} live items, bound ${bound}`,
      })),
    {
      holds: true,
      says: `live items at every hour within printers + connections + subscriptions + tickets + tombstones (+ what lost ends leave)`,
    },
    atMost(
      'history chunks',
      last?.directory.history ?? 0,
      options.printers * options.hours * limits.historyPerHour + 2 * starts,
    ),
    atMost(
      'prints, each begun by an event',
      last?.directory.prints ?? 0,
      last?.directory.events ?? 0,
    ),
    atMost(
      'timers of one agent',
      mostOf(samples, (s) => s.agentTimers),
      limits.agentTimers,
    ),
    atMost(
      'timers of one page',
      mostOf(samples, (s) => s.pageTimers),
      limits.pageTimers,
    ),
    atMost(
      'sockets of one process',
      mostOf(samples, (s) => s.sockets),
      limits.sockets,
    ),
    atMost(
      'events one page shows of a printer',
      mostOf(samples, (s) => s.shown),
      limits.shown,
    ),
    atMost(
      'bytes of an outbox',
      mostOf(samples, (s) => s.outbox),
      limits.outbox,
    ),
    atMost('handlers at work at the end', world.invocations.running, 0),
    atMost('connections at the end', world.gateway.connections.size, 0),
    atMost('counters without a name', unknownCounters(world).length, 0),
    {
      // In less nothing may happen to any printer.
      holds: tally.of('news shown') > 0 || options.hours < 1,
      says: `events shown as news: ${tally.of('news shown')}`,
    },
    ...accounts.map((account) => ({
      holds: holds(account),
      says: `${account.name} = ${account.counted}, ${account.kind === 'equal' ? 'is' : 'at most'} ${account.expected}: ${account.because}`,
    })),
  ]
}
