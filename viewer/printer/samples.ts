import type { PrinterState } from '../../protocol/printer-state.ts'
import type { HistoryAnswer } from '../../protocol/rest-history.ts'
import { heatersOf } from './heaters.ts'

/** The last minutes of each heater, newest last. Times are ms of any one clock. */
export type Samples = Readonly<Record<string, readonly Sample[]>>
export interface Sample {
  readonly at: number
  readonly celsius: number
}

/** How much of the past is plotted, ms. */
export const samplesKept = 20 * 60_000

/** Adds what a state says, and lets go of what is too old. */
export const addSamples = (
  samples: Samples,
  temperature: PrinterState['temperature'],
  at: number,
): Samples => {
  const next: Record<string, readonly Sample[]> = {}
  for (const { key, actual } of heatersOf(temperature)) {
    const old = (samples[key] ?? []).filter(
      (sample) => sample.at > at - samplesKept && sample.at < at,
    )
    next[key] = actual === undefined ? old : [...old, { at, celsius: actual }]
  }
  return next
}

/** The same, unless OctoPrint does not answer: then the state repeats what it was read at last. */
export const addState = (
  samples: Samples,
  { connection, temperature }: Pick<PrinterState, 'connection' | 'temperature'>,
  at: number,
): Samples => (connection.octoprint === 'ok' ? addSamples(samples, temperature, at) : samples)

/**
 * One line of each heater out of both: the relay's history up to where it is `covered`, and what came
 * live from there on; so nothing is missing where they meet, and nothing is there twice.
 */
export const joined = (history: HistoryAnswer | undefined, live: Samples, now: number): Samples => {
  if (history?.covered === undefined) return live
  const { covered } = history
  const since = now - samplesKept
  const keys = new Set([...Object.keys(live), ...heatersIn(history)])
  return Object.fromEntries(
    [...keys].map((key) => [
      key,
      [
        ...pastOf(history, key, covered).filter(({ at }) => at > since),
        ...(live[key] ?? []).filter(({ at }) => at >= covered),
      ],
    ]),
  )
}

const heatersIn = ({ columns }: HistoryAnswer) =>
  Object.keys(columns).flatMap((field) => /^(.+)\.actual$/.exec(field)?.[1] ?? [])

/** A bucket stands in its middle, but never beyond what is known. */
const pastOf = (history: HistoryAnswer, key: string, covered: number): Sample[] => {
  const means = history.columns[`${key}.actual`]?.mean ?? []
  return history.at.flatMap((begin, i) => {
    const celsius = means[i]
    const at = Math.min(begin + history.resolution / 2, covered - 1)
    return celsius === null || celsius === undefined ? [] : [{ at, celsius }]
  })
}

/** Beyond this (ms) a line would tell of what nobody knows: an agent that is watched says more. */
const gap = 90_000

/** The line of an SVG of `width` × `height`; a flat curve lies in the middle. */
export const sparkline = (samples: readonly Sample[], width: number, height: number): string => {
  const first = samples[0]
  const last = samples.at(-1)
  if (!first || !last || last.at === first.at) return ''
  const values = samples.map(({ celsius }) => celsius)
  const low = Math.min(...values)
  const high = Math.max(...values)
  // Below two degrees it is noise, and should not look like an event.
  const span = Math.max(high - low, 2)
  const middle = (high + low) / 2
  const x = (at: number) => ((at - first.at) / (last.at - first.at)) * width
  const y = (celsius: number) => height / 2 - ((celsius - middle) / span) * (height - 4)
  const begins = (i: number) => (samples[i]?.at ?? 0) - (samples[i - 1]?.at ?? -Infinity) > gap
  return samples
    .map(
      ({ at, celsius }, i) =>
        `${begins(i) ? 'M' : 'L'}${x(at).toFixed(1)} ${y(celsius).toFixed(1)}`,
    )
    .join('')
}
