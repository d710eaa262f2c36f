import {
  bedHeater,
  chamberHeater,
  cooled,
  heated,
  roomTemperature,
  toolHeater,
  type HeaterModel,
} from './synthetic-heater.ts'
import { sensorNoise } from './synthetic-noise.ts'
import { planJob, slotMs, type JobPlan, type PlanOptions } from './synthetic-plan.ts'

export type TemperatureOptions = PlanOptions & {
  readonly tools: 1 | 2
  readonly chamber: boolean
  /** The step of what the firmware reports, in °C. */
  readonly resolution: 0.01 | 0.1
}

/** One heater as `/api/printer` tells of it, in °C. */
export type Heater = { readonly actual: number; readonly target: number; readonly offset: number }

type Sensor = {
  readonly name: string
  readonly id: number
  readonly model: HeaterModel
  readonly targetOf: (plan: JobPlan) => number
}

/** What the firmware reports once a second: the temperatures of all heaters at `ms`. */
export const temperaturesAt = (
  options: TemperatureOptions,
  plan: JobPlan,
  ms: number,
): Record<string, Heater> => {
  const reportedAt = Math.floor(ms / 1000) * 1000
  return Object.fromEntries(
    sensorsOf(options).map((sensor) => [sensor.name, reading(options, sensor, plan, reportedAt)]),
  )
}

const chamberTarget = 45

const sensorsOf = (options: TemperatureOptions): Sensor[] => [
  ...(options.bed ? [sensor('bed', 10, bedHeater, ({ targets }) => targets.bed)] : []),
  ...(options.chamber ? [sensor('chamber', 11, chamberHeater, () => chamberTarget)] : []),
  ...Array.from({ length: options.tools }, (_, index) =>
    sensor(`tool${index}`, index, toolHeater, ({ targets }) => targets.tools[index] ?? 0),
  ),
]

const sensor = (
  name: string,
  id: number,
  model: HeaterModel,
  targetOf: Sensor['targetOf'],
): Sensor => ({ name, id, model, targetOf })

const reading = (
  options: TemperatureOptions,
  { id, model, targetOf }: Sensor,
  plan: JobPlan,
  ms: number,
): Heater => {
  const previous = planJob(options, plan.index - 1)
  const restS = (slotMs(options.jobMs) - previous.printedAt) / 1000
  const before = cooled(model, Math.max(roomTemperature, targetOf(previous)), restS)
  const since = ms - plan.slotStart
  const target = targetOf(plan)
  const truth =
    target === 0
      ? cooled(model, before, since / 1000)
      : since < plan.printedAt
        ? heated(model, before, target, since / 1000) - draught(model, since - plan.heatedAt)
        : cooled(model, target, (since - plan.printedAt) / 1000)
  return {
    actual: rounded(truth + sensorNoise(ms, options.seed, id), options.resolution),
    offset: 0,
    target: since < plan.printedAt ? target : 0,
  }
}

/** The part fan starts with the second layer: the nozzle loses 2 °C and finds them again. */
const draught = (model: HeaterModel, sincePrintMs: number): number => {
  const x = (sincePrintMs / 1000 - 60) / 7
  return model === toolHeater && x > 0 ? 2 * x * Math.exp(1 - x) : 0
}

const rounded = (value: number, resolution: number): number =>
  Number((Math.round(value / resolution) * resolution).toFixed(2))
