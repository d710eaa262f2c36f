import { countersOf } from './accounts.ts'
import type { Soaked } from './run-soak.ts'
import type { Sample } from './sample.ts'
import { heapBesidesKept, type Claim } from './verdict.ts'

const mb = (bytes: number | undefined): string =>
  bytes === undefined ? '-' : (bytes / 1_048_576).toFixed(2)

/** The columns of the hourly table; heap and bytes in MiB. */
const columns = {
  hour: (s) => s.hour.toFixed(0),
  heap: (s) => mb(s.heap),
  kept: (s) => mb(s.kept),
  'heap-kept': (s) => mb(heapBesidesKept(s)),
  pages: (s) => s.pages,
  conns: (s) => s.connections,
  live: (s) => s.liveItems - s.live.expired,
  bound: (s) => s.bound,
  STATE: (s) => s.live.state,
  C: (s) => s.live.connected,
  'C left': (s) => s.live.leftConnection,
  SUB: (s) => s.live.wanted,
  'SUB left': (s) => s.live.leftSubscription,
  tomb: (s) => s.live.tombstone,
  ticket: (s) => s.live.ticket,
  list: (s) => s.live.list,
  bucket: (s) => s.live.bucket,
  expired: (s) => s.live.expired,
  events: (s) => s.directory.events,
  history: (s) => s.directory.history,
  prints: (s) => s.directory.prints,
  pending: (s) => s.pending,
  'agent tmr': (s) => s.agentTimers,
  'page tmr': (s) => s.pageTimers,
  sockets: (s) => s.sockets,
  view: (s) => s.view,
  shown: (s) => s.shown,
  outbox: (s) => s.outbox,
} as const satisfies Record<string, (sample: Sample) => string | number>

const names = Object.keys(columns) as (keyof typeof columns)[]
const width = 8

export const headLine = (): string => names.map((name) => name.padStart(width)).join(' ')

export const sampleLine = (sample: Sample): string =>
  names
    .map((name) => String(columns[name](sample)).padStart(Math.max(width, name.length)))
    .join(' ')

/** What all of it came to. */
export const reportOf = ({ world }: Soaked, claims: readonly Claim[]): string =>
  [
    '',
    'Counters of the relay',
    ...countersOf(world),
    '',
    'Counted outside the relay',
    ...world.tally.entries().map(([what, count]) => `  ${what} ${count}`),
    ...[...world.faults.happened].map(([kind, count]) => `  fault: ${kind} ${count}`),
    '',
    'Claims',
    ...claims.map(({ holds, says }) => `  ${holds ? 'ok  ' : 'FAIL'} ${says}`),
  ].join('\n')
