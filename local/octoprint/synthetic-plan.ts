import { fileOfJob, type SyntheticFile } from './synthetic-files.ts'
import { bedHeater, cooled, heatingTime, toolHeater } from './synthetic-heater.ts'
import { integerAt, randomAt } from './synthetic-noise.ts'

/** Everything that is decided about one job. Times in ms; `…At` counts from the slot's start. */
export type JobPlan = {
  readonly index: number
  readonly slotStart: number
  readonly file: SyntheticFile
  /** The print waits for heat until then. */
  readonly heatedAt: number
  /** How long it really prints, without heat-up and pause. */
  readonly printMs: number
  /** Undefined in the jobs nobody pauses. `afterMs` counts printing time. */
  readonly pause: { readonly afterMs: number; readonly lengthMs: number } | undefined
  /** The last line is sent; the heaters go off. */
  readonly printedAt: number
  readonly targets: { readonly tools: readonly number[]; readonly bed: number }
  /** What the slicer thought, in seconds: never quite right. */
  readonly estimateS: number
}

export type PlanOptions = { readonly seed: number; readonly jobMs: number; readonly bed: boolean }

// A job and its cool-down share a slot of fixed length, so that the job of any moment is found by
// one division. The slot holds the longest print, heat-up and pause with a minute to spare.
const longestFactor = 1.15
const aroundPrintMs = 6 * 60_000

/** How long one job with heat-up and cool-down takes, in ms. */
export const slotMs = (jobMs: number): number =>
  Math.ceil((jobMs * longestFactor) / 1000) * 1000 + aroundPrintMs

/** The plan of the job that runs (or has last run) at `ms`. */
export const planAt = (options: PlanOptions, ms: number): JobPlan =>
  planJob(options, Math.floor(ms / slotMs(options.jobMs)))

/** The plan of the job with this number; jobs before the first one count below zero. */
export const planJob = (options: PlanOptions, index: number): JobPlan => {
  const { seed, jobMs, bed } = options
  const printMs = Math.round(jobMs * (0.85 + 0.3 * randomAt(seed, 10, index)))
  const targets = targetsOf(seed, index, bed)
  const heatedAt = heatUpMs(targets)
  const pause = pauseOf(seed, index, printMs)
  return {
    index,
    slotStart: index * slotMs(jobMs),
    file: fileOfJob(seed, index, printMs),
    heatedAt,
    printMs,
    pause,
    printedAt: heatedAt + printMs + (pause?.lengthMs ?? 0),
    targets,
    estimateS: ((heatedAt + printMs) / 1000) * (0.88 + 0.24 * randomAt(seed, 11, index)),
  }
}

const materials = [
  { tool: 205, bed: 60 },
  { tool: 215, bed: 60 },
  { tool: 235, bed: 80 },
  { tool: 250, bed: 100 },
] as const

const targetsOf = (seed: number, index: number, bed: boolean): JobPlan['targets'] => {
  const material = materials[integerAt(0, 3, seed, 12, index)] ?? materials[0]
  const second = randomAt(seed, 13, index) < 0.6 ? material.tool - 5 : 0
  return { tools: [material.tool, second], bed: bed ? material.bed : 0 }
}

/** From cold, though the heaters may still be warm: a print never waits less than this model. */
const heatUpMs = ({ tools, bed }: JobPlan['targets']): number => {
  const cold = cooled(toolHeater, 0, 1e9)
  const seconds = Math.max(
    ...tools.map((target) => heatingTime(toolHeater, cold, target)),
    heatingTime(bedHeater, cold, bed),
  )
  return Math.ceil(seconds) * 1000
}

const pauseOf = (seed: number, index: number, printMs: number): JobPlan['pause'] =>
  randomAt(seed, 14, index) < 0.4
    ? {
        afterMs: Math.round(printMs * (0.45 + 0.4 * randomAt(seed, 15, index))),
        lengthMs: integerAt(40, 110, seed, 16, index) * 1000,
      }
    : undefined
