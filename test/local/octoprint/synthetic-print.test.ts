import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { loadRecording, recordingNames } from '../../../local/octoprint/recording.ts'
import type { Answers } from '../../../local/octoprint/scenario.ts'
import { flagsOf, printerStates } from '../../../local/octoprint/state-flags.ts'
import { planAt, planJob, slotMs } from '../../../local/octoprint/synthetic-plan.ts'
import { syntheticPrint } from '../../../local/octoprint/synthetic-print.ts'

const finite = z.number().check(z.refine(Number.isFinite))
const heater = z.strictObject({ actual: finite, target: finite, offset: z.literal(0) })
const printerSchema = z.object({
  state: z.object({ text: z.enum(printerStates), flags: z.record(z.string(), z.boolean()) }),
  temperature: z.record(z.string(), heater),
})
const jobSchema = z.object({
  state: z.enum(printerStates),
  job: z.object({ file: z.object({ name: z.string(), path: z.string(), size: finite }) }),
  progress: z.object({
    completion: finite,
    filepos: z.int(),
    printTime: z.int(),
    printTimeLeft: z.int(),
    printTimeLeftOrigin: z.nullable(z.string()),
  }),
})
const connectionSchema = z.object({ current: z.object({ state: z.string() }) })

const read = (answers: Answers) => ({
  printer: z.parse(printerSchema, answers['/api/printer'].body),
  job: z.parse(jobSchema, answers['/api/job'].body),
  connection: z.parse(connectionSchema, answers['/api/connection'].body),
})

const hourMs = 3_600_000
const options = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  jobMs: fc.integer({ min: 60_000, max: 4 * hourMs }),
  tools: fc.constantFrom(1 as const, 2 as const),
  bed: fc.boolean(),
  chamber: fc.boolean(),
  resolution: fc.constantFrom(0.01 as const, 0.1 as const),
  octoprint: fc.constantFrom('1.9.3', '1.11.8', '2.0.0rc3'),
})
const moment = fc.integer({ min: 0, max: 3 * 365 * 24 * hourMs })
const check = <T>(property: fc.IProperty<T>) => void fc.assert(property, { numRuns: 400 })

describe('the endless synthetic print', () => {
  it('is a function of seed and time alone', () => {
    check(
      fc.property(options, moment, (o, ms) => {
        const used = syntheticPrint(o)
        used.at(ms + 12_345)
        expect(used.at(ms)).toEqual(syntheticPrint(o).at(ms))
      }),
    )
  })

  it('keeps completion and positions within their bounds', () => {
    check(
      fc.property(options, moment, (o, ms) => {
        const { progress, job } = read(syntheticPrint(o).at(ms)).job
        expect(progress.completion).toBeGreaterThan(0)
        expect(progress.completion).toBeLessThanOrEqual(100)
        expect(progress.filepos).toBeLessThanOrEqual(job.file.size)
        expect(progress.completion).toBeCloseTo((100 * progress.filepos) / job.file.size, 9)
        expect(progress.printTime).toBeGreaterThanOrEqual(0)
        expect(progress.printTimeLeft).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('never goes back inside a job', () => {
    check(
      fc.property(options, moment, fc.integer({ min: 1, max: hourMs }), (o, ms, later) => {
        const scenario = syntheticPrint({ ...o, startAt: 0 })
        const sameJob = planAt(o, ms).index === planAt(o, ms + later).index
        fc.pre(sameJob)
        const before = read(scenario.at(ms)).job
        const after = read(scenario.at(ms + later)).job
        expect(after.job.file).toEqual(before.job.file)
        expect(after.progress.completion).toBeGreaterThanOrEqual(before.progress.completion)
        expect(after.progress.filepos).toBeGreaterThanOrEqual(before.progress.filepos)
        expect(after.progress.printTime).toBeGreaterThanOrEqual(before.progress.printTime)
      }),
    )
  })

  it('shows temperatures a real printer could have', () => {
    check(
      fc.property(options, moment, (o, ms) => {
        const { temperature } = read(syntheticPrint(o).at(ms)).printer
        const names = ['tool0', ...(o.tools === 2 ? ['tool1'] : [])]
        if (o.bed) names.push('bed')
        if (o.chamber) names.push('chamber')
        expect(Object.keys(temperature).sort()).toEqual(names.sort())
        for (const { actual } of Object.values(temperature)) {
          expect(actual).toBeGreaterThan(20)
          expect(actual).toBeLessThan(252)
          const steps = actual / o.resolution
          expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-6)
        }
      }),
    )
  })

  it('agrees with itself about the state', () => {
    check(
      fc.property(options, moment, (o, ms) => {
        const { printer, job, connection } = read(syntheticPrint(o).at(ms))
        expect(printer.state.text).toBe(job.state)
        expect(connection.current.state).toBe(job.state)
        expect(printer.state.flags).toEqual(flagsOf(job.state))
        const over = job.state === 'Operational' || job.state === 'Finishing'
        expect(job.progress.completion === 100).toBe(over)
        expect(job.progress.printTimeLeftOrigin === null).toBe(over)
        if (!over) expect(printer.temperature['tool0']?.target).toBeGreaterThan(200)
      }),
    )
  })

  it('ends every job, pauses and heat-ups included, inside its slot', () => {
    check(
      fc.property(options, fc.integer({ min: -5, max: 20_000 }), (o, index) => {
        const plan = planJob(o, index)
        expect(plan.printedAt + 60_000).toBeLessThan(slotMs(o.jobMs))
        expect(plan.heatedAt).toBeGreaterThan(60_000)
      }),
    )
  })
})

describe('the demo', () => {
  const scenario = syntheticPrint()

  it('starts in the middle of a print', () => {
    const { job, printer } = read(scenario.at(0))
    expect(job.state).toBe('Printing')
    expect(job.progress.completion).toBeGreaterThan(30)
    expect(job.progress.completion).toBeLessThan(40)
    expect(printer.temperature['tool0']?.actual).toBeGreaterThan(200)
  })

  it('moves each second, or at the latest the second after', () => {
    const shown = Array.from({ length: 1800 }, (_, second) =>
      JSON.stringify(read(scenario.at(second * 1000)).printer.temperature),
    )
    const still = shown.filter((now, second) => now === shown[second - 1])
    expect(still.length).toBeLessThan(18)
    expect(shown.some((now, s) => now === shown[s - 1] && now === shown[s - 2])).toBe(false)
  })

  it('stays within 0.7 °C of a settled target', () => {
    for (let ms = 0; ms < 600_000; ms += 1000) {
      const { actual = 0, target = 0 } = read(scenario.at(ms)).printer.temperature['tool0'] ?? {}
      expect(Math.abs(actual - target)).toBeLessThan(0.7)
    }
  })

  it('freezes progress while it waits for heat, and then jumps', () => {
    const plan = planJob({ seed: 1, jobMs: 2_400_000, bed: true }, 0)
    const whole = syntheticPrint({ startAt: 0 })
    const cold = read(whole.at(6_000)).job.progress
    const stillCold = read(whole.at(plan.heatedAt - 1)).job.progress
    const hot = read(whole.at(plan.heatedAt)).job.progress
    expect(stillCold).toEqual(cold)
    expect(hot.printTime).toBeGreaterThan(cold.printTime + 30)
  })

  it('goes through every state, with all sorts of names and origins', () => {
    const states = new Set<string>()
    const origins = new Set<string | null>()
    const names = new Set<string>()
    for (let ms = 0; ms < 24 * hourMs; ms += 1000) {
      const { state, progress, job } = read(scenario.at(ms)).job
      states.add(state)
      origins.add(progress.printTimeLeftOrigin)
      names.add(job.file.name)
    }
    expect([...states].sort()).toEqual(
      ['Operational', 'Printing', 'Pausing', 'Paused', 'Resuming', 'Finishing'].sort(),
    )
    expect([...origins].sort()).toEqual(['analysis', 'estimate', 'linear', null].sort())
    expect(names.size).toBe(12)
    expect([...names].some((name) => /\p{Script=Arabic}/u.test(name))).toBe(true)
  })
})

describe('flags', () => {
  it('are those that a real OctoPrint shows with the same state', () => {
    const seen = new Set<string>()
    for (const { answers } of recordingNames().map(loadRecording)) {
      for (const { path, status, body } of answers) {
        if (path !== '/api/printer' || status !== 200) continue
        const { text, flags } = z.parse(printerSchema, body).state
        seen.add(text)
        expect(flags).toEqual(flagsOf(text))
      }
    }
    expect(seen.size).toBeGreaterThanOrEqual(5)
  })
})
