import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeColumn } from '../../../protocol/history-codec.ts'
import { historyChunkSchema, type HistoryChunk } from '../../../protocol/history-chunk.ts'
import { emptyState, type PrinterState } from '../../../protocol/printer-state.ts'
import {
  chunkLength,
  HistoryRing,
  longestHold,
  mostWaiting,
  sampleStep,
} from '../../../agent/history/ring.ts'
import { fileShelf, noShelf, type Shelf } from '../../../agent/history/shelf.ts'
import { MemoryFile } from '../disk/memory-file.ts'
import { handClock } from '../support/hand-clock.ts'
import { keptLog } from '../support/kept-log.ts'

const epoch = 1_800_000_000_000
/** Of one start of the agent, at whose monotonic 0 the wall clock says `wall`. */
const ringOf = (shelf: Shelf = noShelf, instance = 'start-0001', wall = epoch) =>
  new HistoryRing({ instance, shelf, wallAt: (at) => wall + at, longestHold: 15_000 })

const at = (celsius: number, more: PrinterState['temperature'] = {}): PrinterState => ({
  ...emptyState,
  temperature: { 'tool0.actual': celsius, 'tool0.offset': 0, ...more },
})
const tenths = ({ columns, length }: HistoryChunk, field = 'tool0.actual') =>
  decodeColumn(columns[field] ?? [], length)

describe('a chunk', () => {
  it('has a sample every two seconds, thinned or held, and no offsets', () => {
    const ring = ringOf()
    for (const [ms, celsius] of [
      [100, 20],
      [600, 21],
      [2100, 22],
      [7200, 23.06],
    ] as const)
      ring.take(at(celsius), ms)
    const chunk = ring.next(10_100)
    expect(chunk).toMatchObject({ chunk: 0, age: 10_000, step: 2000, length: 4 })
    expect(chunk && Object.keys(chunk.columns)).toEqual(['tool0.actual'])
    expect(chunk && tenths(chunk)).toEqual([200, 220, 220, 231])
  })

  it('ends where readings pause, and where heaters come or go', () => {
    const ring = ringOf()
    ring.take(at(20), 0)
    ring.take(at(20), 16_000)
    ring.take(at(20, { 'bed.actual': 60 }), 18_000)
    ring.take(emptyState, 20_000)
    expect(ring.waiting(20_000)).toBe(3)
    expect(ring.next(20_000)).toMatchObject({ chunk: 0, length: 1, age: 20_000 })
  })

  it('outlasts readings that are configured to come rarely', () => {
    expect(longestHold({ status: 5000, temperature: 2000, progress: 1000 })).toBe(15_000)
    expect(longestHold({ status: 60_000, temperature: 30_000, progress: 15_000 })).toBe(180_000)
  })

  it('waits until the relay has all of it, and only so many wait', () => {
    const ring = ringOf()
    for (let n = 0; n < mostWaiting + 36; n++) ring.take(at(n), n * 16_000)
    expect(ring.waiting(1e7)).toBe(mostWaiting)
    const first = ring.next(1e7)
    ring.stored({ chunk: first?.chunk ?? 0, length: 0 })
    expect(ring.waiting(1e7)).toBe(mostWaiting)
    ring.stored({ chunk: first?.chunk ?? 0, length: 1 })
    expect(ring.waiting(1e7)).toBe(mostWaiting - 1)
    expect(ring.next(1e7)?.chunk).toBe((first?.chunk ?? 0) + 1)
  })

  it('of the noisiest printer fits a frame beside a whole state', () => {
    const ring = ringOf()
    for (let n = 0; n < chunkLength; n++) {
      const heaters = Array.from({ length: 16 }, (_, heater) => [
        [`tool${heater}.actual`, 200 + ((n * 7919 * (heater + 1)) % 97) / 10],
        [`tool${heater}.target`, 200],
      ]).flat() as [string, number][]
      ring.take({ ...emptyState, temperature: Object.fromEntries(heaters) }, n * 2000)
    }
    const chunk = historyChunkSchema.parse(ring.next(3e5))
    expect(JSON.stringify(chunk).length).toBeLessThan(18_000)
  })
})

describe('a restart', () => {
  const minute = 60_000
  const shelfOn = (file: MemoryFile) => fileShelf(file, { clock: handClock(), log: keptLog() })
  /** An agent that never reached its relay, killed after so many minutes at 20 °C. */
  const killedAfter = (file: MemoryFile, minutes: number) => {
    const ring = ringOf(shelfOn(file))
    for (let ms = 0; ms < minutes * minute; ms += 2000) ring.take(at(20), ms)
    return ring
  }

  it('sends the whole chunks that waited, under the name of the start that took them', () => {
    const file = new MemoryFile()
    killedAfter(file, 12)
    const next = ringOf(shelfOn(file), 'start-0002', epoch + 20 * minute)
    expect(next.waiting(0)).toBe(2)
    const [first, inst] = [next.next(1000), 'start-0001']
    expect(first).toMatchObject({ inst, chunk: 0, length: 150, age: 20 * minute + 1000 })
    next.take(at(30), 0)
    next.stored({ inst, chunk: 0, length: 150 })
    expect(next.next(0)).toMatchObject({ inst, chunk: 1, age: 15 * minute })
    next.stored({ inst, chunk: 1, length: 150 })
    expect(next.next(0)).toMatchObject({ chunk: 0, length: 1 })
    expect(next.next(0)).not.toHaveProperty('inst')
    expect(file.text).toBe('')
  })

  it('takes a chunk of this start for none of an earlier one with its number', () => {
    const file = new MemoryFile()
    killedAfter(file, 6)
    const next = ringOf(shelfOn(file), 'start-0002', epoch + 10 * minute)
    next.stored({ chunk: 0, length: 150 })
    expect(next.waiting(0)).toBe(1)
  })

  it('loses nothing of an agent that was stopped', () => {
    const file = new MemoryFile()
    killedAfter(file, 6).stop()
    const next = ringOf(shelfOn(file), 'start-0002', epoch + 6 * minute)
    expect(next.waiting(0)).toBe(2)
    next.stored({ inst: 'start-0001', chunk: 0, length: 150 })
    expect(next.next(0)).toMatchObject({ inst: 'start-0001', chunk: 1, length: 30, age: minute })
  })

  it('waits with them until the wall clock can be right', () => {
    const file = new MemoryFile()
    killedAfter(file, 6)
    let wall = epoch - 3600 * 1000
    const wallAt = (ms: number) => wall + ms
    const deps = { instance: 'start-0002', shelf: shelfOn(file), longestHold: 15_000 }
    const next = new HistoryRing({ ...deps, wallAt })
    next.take(at(30), 0)
    expect(next.waiting(0)).toBe(0)
    expect(next.next(0)).not.toHaveProperty('inst')
    wall = epoch + 7 * minute
    expect(next.next(0)).toMatchObject({ inst: 'start-0001', age: 7 * minute })
  })

  it('keeps no more than a day of them', () => {
    const file = new MemoryFile()
    killedAfter(file, 30 * 60)
    expect(ringOf(shelfOn(file), 'start-0002', epoch + 1e9).waiting(0)).toBe(mostWaiting)
    expect(file.text?.length).toBeLessThan(110_000)
  })
})

/** §11, property 12: what the agent has to do for it. */
it('sent at any time, a longer piece of a chunk begins with the shorter, and chunks join', () => {
  const reading = fc.record({
    wait: fc.integer({ min: 50, max: 14_000 }),
    celsius: fc.integer({ min: 200, max: 2200 }),
    send: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 200, size: 'max' }), (readings) => {
      const ring = ringOf()
      const longest = new Map<number, number[]>()
      const begins = new Map<number, number>()
      const taken: { ms: number; celsius: number }[] = []
      let ms = 0
      const send = () => {
        const chunk = ring.next(ms)
        if (!chunk) return
        const samples = tenths(historyChunkSchema.parse(chunk)) ?? []
        const before = longest.get(chunk.chunk) ?? []
        const [long, short] = samples.length < before.length ? [before, samples] : [samples, before]
        expect(long.slice(0, short.length)).toEqual(short)
        longest.set(chunk.chunk, long)
        begins.set(chunk.chunk, ms - chunk.age)
        ring.stored(chunk)
      }
      for (const { wait, celsius, send: sends } of readings) {
        ms += wait
        ring.take(at(celsius / 10), ms)
        taken.push({ ms, celsius })
        if (sends) send()
      }
      for (let n = ring.waiting(ms); n >= 0; n--) send()
      const begin = taken[0]?.ms ?? 0
      const all = [...longest].sort(([a], [b]) => a - b)
      all.forEach(([chunk, samples], n) => {
        expect(chunk).toBe(n)
        expect(begins.get(chunk)).toBe(begin + n * chunkLength * sampleStep)
        if (n < all.length - 1) expect(samples.length).toBe(chunkLength)
      })
      const union = all.flatMap(([, samples]) => samples)
      const firsts = new Map<number, number>()
      for (const one of taken) {
        const place = Math.floor((one.ms - begin) / sampleStep)
        if (!firsts.has(place)) firsts.set(place, one.celsius)
      }
      union.forEach((sample, n) => {
        const first = firsts.get(n)
        expect(sample).toBe(first ?? union[n - 1])
      })
    }),
    { numRuns: 100 },
  )
})
