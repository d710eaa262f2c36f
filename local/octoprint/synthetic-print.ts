import type { Answers, Scenario } from './scenario.ts'
import { flagsOf, type PrinterStateText } from './state-flags.ts'
import { planAt, planJob, type JobPlan } from './synthetic-plan.ts'
import { jobMoment, printTimeOf, type SyntheticProgress } from './synthetic-progress.ts'
import { temperaturesAt, type TemperatureOptions } from './synthetic-temperature.ts'
import { traitsOf } from './version-traits.ts'

export type SyntheticOptions = Partial<TemperatureOptions> & {
  /** Whose shapes the answers have; 1.11.8 unless given. */
  readonly octoprint?: string
  /** How far the first job is when the scenario starts, 0 to 1; 0.35 unless given. */
  readonly startAt?: number
}

/** Prints that never end: heat-up, print, now and then a pause, cool-down, the next file. */
export const syntheticPrint = (options: SyntheticOptions = {}): Scenario => {
  const { octoprint = '1.11.8', startAt = 0.35 } = options
  const printer = {
    seed: options.seed ?? 1,
    jobMs: options.jobMs ?? 40 * 60_000,
    tools: options.tools ?? 1,
    bed: options.bed ?? true,
    chamber: options.chamber ?? false,
    resolution: options.resolution ?? 0.01,
  }
  const first = planJob(printer, 0)
  const startMs = startAt === 0 ? 0 : first.heatedAt + startAt * first.printMs
  return { octoprint, at: (ms) => answersAt(printer, octoprint, startMs + ms) }
}

const answersAt = (printer: TemperatureOptions, octoprint: string, ms: number): Answers => {
  const plan = planAt(printer, ms)
  const { state, progress } = jobMoment(plan, ms - plan.slotStart)
  const { newShapes } = traitsOf(octoprint)
  const temperature = temperaturesAt(printer, plan, ms)
  const ok = (body: unknown) => ({ status: 200, body })
  return {
    '/api/printer': ok({
      sd: { ready: true },
      state: { error: '', flags: flagsOf(state), text: state },
      temperature,
    }),
    '/api/job': ok(jobBody(plan, state, progress, newShapes)),
    '/api/connection': ok(connectionBody(state, newShapes)),
  }
}

const jobBody = (
  plan: JobPlan,
  state: PrinterStateText,
  progress: SyntheticProgress,
  newShapes: boolean,
) => {
  const { date, name, path, size } = plan.file
  const length = Math.round(size * 0.9) / 100
  const spool = { length, volume: Math.round(length * 2.405) / 1000 }
  const times = newShapes
    ? { lastPrintTime: null }
    : { averagePrintTime: null, lastPrintTime: state === 'Operational' ? printTimeOf(plan) : null }
  return {
    ...(newShapes ? { error: null } : {}),
    job: {
      estimatedPrintTime: plan.estimateS,
      filament: { tool0: newShapes ? { ...spool, weight: null } : spool },
      file: {
        date,
        display: name,
        name,
        origin: 'local',
        path,
        size,
        ...(newShapes ? { upload: false } : {}),
      },
      user: 'demo',
      ...times,
    },
    progress,
    state,
  }
}

const connectionBody = (state: PrinterStateText, newShapes: boolean) => ({
  current: { baudrate: 250000, port: 'VIRTUAL', printerProfile: '_default', state },
  options: {
    ...(newShapes ? { autoconnect: true } : {}),
    baudratePreference: 250000,
    baudrates: [250000, 230400, 115200, 57600, 38400, 19200, 9600],
    portPreference: 'VIRTUAL',
    ports: ['VIRTUAL'],
    printerProfilePreference: '_default',
    printerProfiles: [{ id: '_default', name: 'Default' }],
  },
})
