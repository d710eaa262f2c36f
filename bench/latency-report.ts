import { availableParallelism } from 'node:os'
import type { Sighting } from './latency-messages.ts'
import { agentTick } from './measured-relay.ts'
import { summaryOf, type Summary } from './statistics.ts'
import type { Moment, Way } from './trace.ts'

/** Issue 2's target, in ms from OctoPrint's answer to a viewer's store. */
const target = { median: 25, p99: 100, viewers: 10 } as const

interface Phase {
  readonly from: number
  readonly count: number
  /** CPU of the relay's process, ms. */
  readonly cpu: number
  readonly sightings: readonly Sighting[]
}

export interface Figures {
  readonly viewers: number
  readonly pace: number
  /** CPU of the relay's process while nothing changes, as a share of a core. */
  readonly idle: number
  readonly unwatched: Phase
  readonly single: Phase
  readonly watched: Phase
  readonly roundTrips: readonly number[]
  readonly ways: ReadonlyMap<number, Way>
  readonly naive: {
    readonly answered: ReadonlyMap<number, number>
    readonly sightings: readonly Sighting[]
  }
}

const stages = [
  ['OctoPrint answers → agent publishes', 'answered', 'published'],
  ['agent publishes → handler starts', 'published', 'handled'],
  ['handler starts → state stored', 'handled', 'stored'],
  ['state stored → audience known', 'stored', 'asked'],
] as const satisfies readonly (readonly [string, Moment, Moment])[]

export const report = (figures: Figures): string => {
  const { watched, ways, viewers, pace, naive, roundTrips } = figures
  const since = (moment: Moment) =>
    watched.sightings.flatMap(({ value, at }) => {
      const began = value >= watched.from ? ways.get(value)?.[moment] : undefined
      return began === undefined ? [] : [at - began]
    })
  const path = summaryOf(since('answered'))
  const plain = summaryOf(
    naive.sightings.flatMap(({ value, at }) => {
      const began = naive.answered.get(value)
      return began === undefined ? [] : [at - began]
    }),
  )
  const echo = summaryOf(roundTrips)
  const seen = new Set(watched.sightings.map(({ viewer, value }) => `${viewer}/${value}`)).size
  const missed = watched.count * viewers - seen
  return [
    `Node ${process.version}, ${availableParallelism()} cores; ${viewers} viewers in a process of their own;`,
    `relay, emulated gateway, embedded tables, agent and virtual OctoPrint in another, as npm start.`,
    `${watched.count} changes, one for each of the agent's ticks of ${pace} ms (${agentTick} in life).`,
    '',
    header,
    '— counted from OctoPrint’s answer with the new value to each viewer’s store —',
    row('the whole way, without the polling wait', path),
    ...stages.map(([name, from, to]) => row(`  ${name}`, between(watched, ways, from, to))),
    row('  audience known → viewer’s store', summaryOf(since('asked'))),
    row('the whole way, with the polling wait', summaryOf(since('set'))),
    '— compared with, in the same run —',
    row('bare ws: one echo, there and back', echo),
    row('bare ws: answer → broadcast → every viewer', plain),
    '',
    `ratio to the bare broadcast: ${ratio(path, plain)}; to the echo: ${(path.median / echo.median).toFixed(1)} (median)`,
    `values that a viewer did not see because a newer one came first: ${missed} of ${watched.count * viewers}`,
    '',
    ...cpuLines(figures),
    '',
    verdict(path, viewers),
  ].join('\n')
}

const width = 46
const ms = (value: number) => value.toFixed(2).padStart(9)
const header = `${'ms'.padEnd(width)}   median      p90      p99      max  samples`
const row = (name: string, { median, p90, p99, max, count }: Summary) =>
  `${name.padEnd(width)}${[median, p90, p99, max].map(ms).join('')}${String(count).padStart(9)}`

const between = ({ from, count }: Phase, ways: Figures['ways'], one: Moment, other: Moment) =>
  summaryOf(
    Array.from({ length: count }, (_, i) => ways.get(from + i)).flatMap((way) => {
      const [began, ended] = [way?.[one], way?.[other]]
      return began === undefined || ended === undefined ? [] : [ended - began]
    }),
  )

const ratio = (path: Summary, plain: Summary) =>
  `${(path.median / plain.median).toFixed(1)} (median), ${(path.p99 / plain.p99).toFixed(1)} (p99)`

const cpuLines = ({ idle, pace, unwatched, single, watched, viewers }: Figures): string[] => {
  const each = ({ cpu, count }: Phase) => (cpu - idle * pace * (count + 2)) / count
  return [
    `CPU of the relay’s process: ${(idle * pace).toFixed(2)} ms a tick while nothing changes (reading OctoPrint);`,
    'above that, for each publish, with everything that this process holds:',
    `  nobody watching ${each(unwatched).toFixed(2)} ms, 1 viewer ${each(single).toFixed(2)} ms, ${viewers} viewers ${each(watched).toFixed(2)} ms`,
  ]
}

const verdict = ({ median, p99 }: Summary, viewers: number) => {
  const met = median < target.median && p99 < target.p99
  const of = `median under ${target.median} ms and p99 under ${target.p99} ms with ${target.viewers} viewers`
  return `target ${met ? 'met' : 'missed'} (${of}): ${median.toFixed(1)} and ${p99.toFixed(1)} ms with ${viewers}`
}
