import type { PrinterState } from '../protocol/printer-state.ts'
import { heatersOf } from './heaters.ts'

/** The last minutes of each heater, newest last. Times are ms of any one clock. */
export type Samples = Readonly<Record<string, readonly Sample[]>>
export interface Sample {
  readonly at: number
  readonly celsius: number
}

const kept = 5 * 60_000

/** Adds what a state says, and lets go of what is older than five minutes. */
export const addSamples = (
  samples: Samples,
  temperature: PrinterState['temperature'],
  at: number,
): Samples => {
  const next: Record<string, readonly Sample[]> = {}
  for (const { key, actual } of heatersOf(temperature)) {
    const old = (samples[key] ?? []).filter((sample) => sample.at > at - kept && sample.at < at)
    next[key] = actual === undefined ? old : [...old, { at, celsius: actual }]
  }
  return next
}

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
  return samples
    .map(({ at, celsius }, i) => `${i ? 'L' : 'M'}${x(at).toFixed(1)} ${y(celsius).toFixed(1)}`)
    .join('')
}
