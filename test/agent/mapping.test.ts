import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../../protocol/limits.ts'
import { bytesOf } from '../../protocol/parse-frame.ts'
import { octoPrintStates, printerStateSchema } from '../../protocol/printer-state.ts'
import { noReadings, type Readings } from '../../agent/mapping/readings.ts'
import { textOf } from '../../agent/mapping/tolerant.ts'
import { toPrinterState } from '../../agent/mapping/to-printer-state.ts'

const map = (given: Partial<Readings>) =>
  toPrinterState({ ...noReadings, health: { state: 'ok', detail: undefined }, ...given })
const jobOf = (job: object, progress: object = {}) => ({ job, progress, state: 'Printing' })

describe('job', () => {
  it('counts in ms what OctoPrint counts in seconds', () => {
    const job = jobOf(
      { estimatedPrintTime: 223.35454, file: { date: 1_795_169_374 }, lastPrintTime: 0 },
      { printTime: 65, printTimeLeft: 126.4, completion: 38.154 },
    )
    expect(map({ job })).toMatchObject({
      job: { estimatedPrintTime: 223_355, date: 1_795_169_374_000, lastPrintTime: 0 },
      progress: { printTime: 65_000, printTimeLeft: 126_400, completion: 38.154 },
    })
  })

  it('keeps filament by the number of the tool, 0 in the gaps', () => {
    const filament = {
      tool2: { length: 3, volume: 0.5 },
      tool0: { length: 1 },
      tool77: { length: 9 },
    }
    expect(map({ job: jobOf({ filament }) }).job).toEqual({
      filamentLength: [1, 0, 3],
      filamentVolume: [0, 0, 0.5],
    })
  })

  it('is empty in both shapes of no job', () => {
    const none = { averagePrintTime: null, file: { name: null, size: null }, user: null }
    const old = { ...none, filament: { length: null, volume: null } }
    expect(map({ job: jobOf(old) }).job).toEqual({})
    expect(map({ job: jobOf({ ...none, filament: null }) }).job).toEqual({})
  })

  it('keeps completion between 0 and 100', () => {
    const completion = (value: unknown) =>
      map({ job: jobOf({}, { completion: value }) }).progress.completion
    expect([-3, 0, 50.5, 100.2, null, '7'].map(completion)).toEqual([
      0,
      0,
      50.5,
      100,
      undefined,
      undefined,
    ])
  })
})

describe('texts', () => {
  it('are cut at their limit without splitting a character', () => {
    const name = '🖨'.repeat(400)
    const cut = map({ job: jobOf({ file: { name } }) }).job.name
    expect(cut).toBe('🖨'.repeat(limits.longText / 2))
    expect(textOf('ab🖨', 3)).toBe('ab')
  })

  it('keep any script, lose control characters and lone surrogates', () => {
    expect(textOf('Würfel 立方体 куб', 128)).toBe('Würfel 立方体 куб')
    expect(textOf('a\u0000\nb\ud800c', 128)).toBe('a b\ufffdc')
  })

  it('are absent when empty', () => {
    expect(map({ printer: { state: { error: '', text: 'Operational' } } }).status).toEqual({
      text: 'Operational',
    })
  })
})

describe('temperature', () => {
  it('keeps every heater there is and none that is null', () => {
    const temperature = {
      bed: { actual: 60, target: 60.0, offset: 0 },
      tool0: { actual: 210.1, target: null },
      tool1: { actual: 'hot' },
      chamber: null,
    }
    expect(map({ printer: { temperature } }).temperature).toEqual({
      'bed.actual': 60,
      'bed.target': 60,
      'bed.offset': 0,
      'tool0.actual': 210.1,
    })
  })

  it('makes names of plugins fit, and keeps the first of two that become one', () => {
    const temperature = { 'Düse 1': { actual: 1 }, 'Däse 1': { actual: 2 }, x: { actual: 1e9 } }
    expect(map({ printer: { temperature } }).temperature).toEqual({ 'D_se_1.actual': 2 })
  })

  it('keeps bed and tools when there are more heaters than the protocol takes', () => {
    const names = ['a', 'b', 'c', ...Array.from({ length: 16 }, (_, n) => `tool${n}`), 'bed']
    const temperature = Object.fromEntries(names.map((name) => [name, { actual: 1 }]))
    const kept = Object.keys(map({ printer: { temperature } }).temperature)
    expect(kept.length).toBe(limits.heaters)
    expect(kept.slice(0, 2)).toEqual(['bed.actual', 'tool0.actual'])
  })
})

describe('connection', () => {
  it.each([
    ['Offline', 'offline'],
    ['Connecting', 'connecting'],
    ['Opening serial connection', 'connecting'],
    ['Detecting serial connection', 'connecting'],
    ['Error', 'error'],
    ['Offline (Error: timeout)', 'error'],
    ['Neues', 'offline'],
  ])('takes "%s" after a 409 as %s', (state, link) => {
    expect(map({ printer: 'not_operational', job: { state } }).connection.printer).toBe(link)
  })

  it('takes the words of /api/connection where /api/job says nothing', () => {
    const connection = { current: { state: 'Closed', port: null, baudrate: 'AUTO' } }
    expect(map({ connection }).connection).toEqual({ octoprint: 'ok', printer: 'offline' })
  })

  it('tells error flags from a printer that is well', () => {
    const link = (flags: object) => map({ printer: { state: { flags } } }).connection.printer
    expect(link({ operational: true })).toBe('connected')
    expect(link({ error: true, closedOrError: true })).toBe('error')
    expect(link({ closedOrError: true })).toBe('offline')
  })
})

it('drops flags and temperatures after a 409, keeps the text of the job', () => {
  const job = { state: 'Offline', error: 'cable' }
  const state = map({ printer: 'not_operational', job })
  expect(state.status).toEqual({ text: 'Offline', error: 'cable', operational: false })
  expect(state.temperature).toEqual({})
})

// §10: "OctoPrint restarts, hangs, sends odd data: the viewer sees what is known"
it('keeps what is known while OctoPrint fails, and says how it fails', () => {
  const printer = { temperature: { bed: { actual: 60 } } }
  const health = { state: 'not_answering', detail: 'why' } as const
  expect(map({ printer, health })).toMatchObject({
    connection: { octoprint: 'not_answering', detail: 'why' },
    temperature: { 'bed.actual': 60 },
  })
})

const body = fc.dictionary(fc.string(), fc.jsonValue())
/** OctoPrint's shape with anything at its leaves. */
const shaped = fc.record(
  {
    state: fc.oneof(
      fc.jsonValue(),
      fc.record({ text: fc.jsonValue(), flags: body, error: fc.jsonValue() }),
    ),
    temperature: fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.string(), fc.record({ actual: fc.oneof(fc.double(), fc.jsonValue()) })),
    ),
    job: fc.record({
      file: fc.record({
        name: fc.string({ unit: 'binary', maxLength: 3000 }),
        path: fc.string({ unit: 'binary', maxLength: 3000 }),
        display: fc.jsonValue(),
        size: fc.double(),
        date: fc.double(),
      }),
      filament: fc.jsonValue(),
      user: fc.string({ unit: 'binary', maxLength: 500 }),
    }),
    progress: fc.record({
      completion: fc.double(),
      printTime: fc.double(),
      filepos: fc.jsonValue(),
    }),
    current: fc.jsonValue(),
    server: fc.jsonValue(),
  },
  { requiredKeys: [] },
)
const anyBody = fc.option(fc.oneof(body, shaped as fc.Arbitrary<Record<string, unknown>>), {
  nil: undefined,
})

it('makes a state of the protocol, within its size, of whatever OctoPrint answers', () => {
  const anyReadings = fc.record({
    health: fc.record({
      state: fc.constantFrom(...octoPrintStates),
      detail: fc.option(fc.string(), { nil: undefined }),
    }),
    printer: fc.oneof(anyBody, fc.constant('not_operational' as const)),
    job: anyBody,
    connection: anyBody,
    version: anyBody,
  })
  fc.assert(
    fc.property(anyReadings, (readings) => {
      const state = toPrinterState(readings)
      expect(printerStateSchema.parse(state)).toEqual(state)
      expect(JSON.parse(JSON.stringify(state))).toEqual(state)
      expect(bytesOf(JSON.stringify(state))).toBeLessThanOrEqual(limits.stateBytes)
    }),
    { numRuns: 500 },
  )
})

it('shortens long texts when all of them together are too large', () => {
  const long = '立'.repeat(2000)
  const heater = { actual: -123.456789, target: 123.456789, offset: -12.3456789 }
  const temperature = Object.fromEntries(
    Array.from({ length: 16 }, (_, n) => [`a_very_long_name_of_a_heater_${n}`, heater]),
  )
  const state = map({
    health: { state: 'server_error', detail: long },
    printer: { temperature, state: { text: long, error: long } },
    job: jobOf(
      { file: { name: long, path: long, display: long, origin: long }, user: long },
      { printTimeLeftOrigin: long },
    ),
    connection: { current: { port: long, printerProfile: long } },
    version: { server: long },
  })
  expect(bytesOf(JSON.stringify(state))).toBeLessThanOrEqual(limits.stateBytes)
  expect(printerStateSchema.safeParse(state).success).toBe(true)
  expect(state.connection).toMatchObject({ octoprint: 'server_error', printer: 'connected' })
  expect(state.job.name?.length).toBeGreaterThan(100)
})
