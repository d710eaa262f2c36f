import { describe, expect, it } from 'vitest'
import type { Readings } from '../../agent/mapping/readings.ts'
import type { Polled, Reading } from '../../agent/octoprint/endpoints.ts'
import type { Outcome } from '../../agent/octoprint/outcome.ts'
import { Sampler } from '../../agent/sampler.ts'
import { handClock, settle } from './support/hand-clock.ts'

const ok = (body: Record<string, unknown> = {}): Outcome => ({ kind: 'ok', body })
const refused: Outcome = { kind: 'unreachable', code: 'ECONNREFUSED' }
const never = new Promise<Outcome>(() => {})

const rig = (
  intervals = { status: 5000, temperature: 2000, progress: 1000 },
  random: () => number = () => 0,
) => {
  const clock = handClock()
  const start = clock.monotonic()
  const asked: { at: number; kind: Reading }[] = []
  const rounds: { at: number; readings: Readings }[] = []
  const answers: Partial<Record<Reading, () => Outcome | Promise<Outcome>>> = {}
  const sampler = new Sampler({
    clock,
    random,
    intervals,
    read: async (kind) => {
      asked.push({ at: clock.monotonic() - start, kind })
      return answers[kind]?.() ?? ok()
    },
    sampled: (readings) => rounds.push({ at: clock.monotonic() - start, readings }),
  })
  const times = (kind: Polled) => asked.filter((one) => one.kind === kind).map(({ at }) => at)
  return { clock, sampler, asked, rounds, answers, times }
}

describe('while watched', () => {
  it('reads progress each second, temperature every other, the connection once a minute', async () => {
    const { clock, sampler, times } = rig()
    sampler.watch(true)
    await clock.advance(60_500)
    expect(times('job')).toEqual(Array.from({ length: 61 }, (_, n) => n * 1000))
    expect(times('printer')).toEqual(Array.from({ length: 31 }, (_, n) => n * 2000))
    expect(times('connection')).toEqual([0, 60_000])
    expect(times('version')).toEqual([0])
  })

  it('reads the status as often as is configured, if that is oftener', async () => {
    const { clock, sampler, times } = rig({ status: 500, temperature: 2000, progress: 1000 })
    sampler.watch(true)
    await clock.advance(1000)
    expect(times('printer')).toEqual([0, 500, 1000])
  })

  it('tells of readings that were begun together once, when all are in', async () => {
    const { clock, sampler, rounds } = rig()
    sampler.watch(true)
    await clock.advance(4500)
    expect(rounds.map(({ at }) => at)).toEqual([0, 1000, 2000, 3000, 4000])
  })

  it('does not wait for a reading that hangs, and asks it no second time meanwhile', async () => {
    const { clock, sampler, rounds, answers, times } = rig()
    answers.printer = () => never
    sampler.watch(true)
    await clock.advance(9500)
    expect(times('printer')).toEqual([0])
    expect(rounds.length).toBeGreaterThanOrEqual(9)
  })
})

describe('while idle', () => {
  it('reads status and job every 5 s', async () => {
    const { clock, sampler, times } = rig()
    sampler.start()
    await clock.advance(10_500)
    expect(times('job')).toEqual([0, 5000, 10_000])
    expect(times('printer')).toEqual([0, 5000, 10_000])
  })

  it('reads at once when it is asked for a fresh state, not more than 4 times a second', async () => {
    const { clock, sampler, times } = rig()
    sampler.start()
    await clock.advance(1000)
    for (let n = 0; n < 5; n++) sampler.refresh()
    await clock.advance(100)
    sampler.refresh()
    await clock.advance(300)
    sampler.refresh()
    await settle()
    expect(times('job')).toEqual([0, 1000, 1400])
    expect(times('printer')).toEqual([0, 1000, 1400])
  })

  it('takes up the pace at once when somebody watches', async () => {
    const { clock, sampler, times } = rig()
    sampler.start()
    await clock.advance(100)
    sampler.watch(true)
    await clock.advance(2000)
    expect(times('job')).toEqual([0, 1100, 2100])
  })
})

describe('what one answer says of another', () => {
  it('reads the printer at once when the job has a new state', async () => {
    const { clock, sampler, times, answers } = rig()
    answers.job = () => ok({ state: 'Printing' })
    sampler.watch(true)
    await clock.advance(2500)
    answers.job = () => ok({ state: 'Paused' })
    await clock.advance(500)
    expect(times('printer')).toContain(3000)
  })

  it('reads the connection at once when the printer comes or goes', async () => {
    const { clock, sampler, times, answers } = rig()
    sampler.watch(true)
    await clock.advance(2500)
    answers.printer = () => ({ kind: 'not_operational' })
    await clock.advance(2000)
    expect(times('connection')).toEqual([0, 4000])
  })
})

describe('while OctoPrint fails', () => {
  // §10: "OctoPrint restarts, hangs: the agent recovers alone"
  it('asks ever more rarely, up to every 30 s, with full jitter', async () => {
    const { clock, sampler, times, answers } = rig(undefined, () => 0.999_999)
    answers.job = () => refused
    answers.printer = () => refused
    sampler.watch(true)
    await clock.advance(122_000)
    const gaps = times('job')
      .slice(1)
      .map((at, n) => at - (times('job')[n] ?? 0))
    expect(gaps.slice(0, 6)).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000])
  })

  it('keeps what it knew, says so, and takes everything up again with the first answer', async () => {
    const { clock, sampler, rounds, answers, times } = rig()
    answers.job = () => ok({ state: 'Printing' })
    sampler.watch(true)
    await clock.advance(3500)
    answers.job = answers.printer = () => refused
    await clock.advance(20_000)
    const failing = rounds.at(-1)?.readings
    expect(failing).toMatchObject({ health: { state: 'restarting' }, job: { state: 'Printing' } })
    const versions = times('version').length
    answers.job = answers.printer = () => ok({ state: 'Operational' })
    await clock.advance(31_000)
    expect(rounds.at(-1)?.readings).toMatchObject({ health: { state: 'ok' } })
    expect(times('version').length).toBe(versions + 1)
  })

  it('is well though the key may not read the connection', async () => {
    const { clock, sampler, rounds, answers } = rig()
    answers.connection = () => ({ kind: 'key_refused', status: 403 })
    sampler.watch(true)
    await clock.advance(5000)
    expect(rounds.at(-1)?.readings.health).toEqual({ state: 'ok', detail: undefined })
  })
})

it('asks and tells nothing after it was stopped', async () => {
  const { clock, sampler, asked, rounds } = rig()
  sampler.watch(true)
  sampler.stop()
  const before = asked.length
  await clock.advance(10_000)
  expect(asked.length).toBe(before)
  expect(rounds).toEqual([])
  expect(clock.timers).toBe(0)
})
