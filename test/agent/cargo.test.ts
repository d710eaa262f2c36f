import { describe, expect, it } from 'vitest'
import { limits } from '../../protocol/limits.ts'
import { bytesOf } from '../../protocol/parse-frame.ts'
import { publishSchema, type Publish } from '../../protocol/publish.ts'
import type { HistoryChunk } from '../../protocol/history-chunk.ts'
import type { SentEvent } from '../../protocol/printer-event.ts'
import { noCargo } from '../../agent/publisher/cargo.ts'
import { Bench } from './support/bench.ts'
import { printing, ready, warm } from './support/states.ts'

const event = (m: number, src = 'source-1'): SentEvent => ({
  src,
  m,
  age: 0,
  body: { type: 'printer_connected' },
})
const chunk = (number: number, length = 5): HistoryChunk => ({
  chunk: number,
  age: 10_000,
  step: 2000,
  length,
  columns: { 'tool0.actual': [210, 1, 0, length - 1] },
})
const withEvents = (...events: SentEvent[]) => ({ ...noCargo, events })
const withHistory = (waiting = 0) => ({ ...noCargo, waiting, history: () => chunk(3) })

const published = (bench: Bench) =>
  bench.sent().filter((frame): frame is Publish => frame.action === 'publish')
const idle = () => {
  const bench = Bench.open(ready, 0)
  bench.pass(70_000, 0)
  bench.sent()
  expect(bench.line.attention.mode).toBe('idle')
  return bench
}

describe('events', () => {
  it.each([
    ['watched', () => Bench.open(ready)],
    ['idle', idle],
  ])('go at once while %s, and ask for an answer', (_, begin) => {
    const bench = begin()
    bench.cargo = withEvents(event(1), event(2))
    bench.sample(printing)
    const [frame, ...more] = published(bench)
    expect(more).toEqual([])
    expect(publishSchema.parse(frame)).toMatchObject({ events: [{ m: 1 }, { m: 2 }], ack: true })
  })

  it('don’t wait for the pace of a large audience', () => {
    const bench = Bench.open(ready)
    bench.hear({ type: 'demand', viewers: 9000, interval: 10_000 })
    bench.sample(warm(ready, 30))
    bench.sent()
    bench.pass(300)
    bench.cargo = withEvents(event(1))
    bench.wake()
    expect(published(bench)).toMatchObject([{ events: [{ m: 1 }] }])
  })

  it('are sent again after 3, 6 and 12 s, until they are gone', () => {
    const bench = Bench.open(ready)
    bench.cargo = withEvents(event(1))
    bench.wake()
    const sentAt: number[] = []
    const begin = bench.at
    for (let n = 0; n < 240; n++) {
      for (const { at, frame } of bench.frames.splice(0))
        if (frame.action === 'publish' && frame.events) sentAt.push(at - begin)
      bench.pass(100)
    }
    expect(sentAt).toEqual([0, 3000, 9000, 21_000])
    bench.cargo = noCargo
    bench.pass(20_000, 1)
    expect(published(bench).every(({ events }) => events === undefined)).toBe(true)
  })

  it('of the next batch follow the confirmation of the one before', () => {
    const bench = Bench.open(ready)
    bench.cargo = withEvents(event(1))
    bench.wake()
    bench.pass(300)
    bench.cargo = withEvents(event(2))
    bench.ack(1)
    expect(published(bench).map(({ events }) => events?.map(({ m }) => m))).toEqual([[1], [2]])
  })

  it('don’t ride on a hello, but on the frame after its welcome', () => {
    const bench = new Bench(undefined, ready)
    bench.cargo = withEvents(event(1))
    bench.pass(2000)
    expect(published(bench)).toEqual([])
    bench.welcome()
    expect(published(bench)).toMatchObject([{ events: [{ m: 1 }] }])
  })

  it('tell the outbox when an answer was asked for that reads the log', () => {
    const bench = Bench.open(ready)
    bench.cargo = withEvents(event(1))
    bench.wake()
    const { at } = bench
    bench.pass(100)
    bench.told = []
    bench.hear({ type: 'ack', seq: bench.line.seq, hwm: { x: 1 }, viewers: 1, interval: 1000 })
    expect(bench.told[0]).toEqual({ type: 'heard', hwm: { x: 1 }, askedAt: at })
    bench.told = []
    bench.hear({ type: 'ack', seq: bench.line.seq, hwm: {}, viewers: 1, interval: 1000 })
    expect(bench.told[0]).toMatchObject({ askedAt: undefined })
  })
})

describe('history', () => {
  it('rides on the keepalive of an idle agent, not on every change', () => {
    const bench = idle()
    bench.cargo = withHistory()
    bench.sample({ ...ready, status: { ...ready.status, text: 'Other' } })
    expect(published(bench)[0]).not.toHaveProperty('history')
    bench.pass(5 * 60_000, 0)
    expect(published(bench)).toMatchObject([{ history: { chunk: 3 }, ack: true }])
  })

  it('is flushed when a first viewer comes', () => {
    const bench = idle()
    bench.cargo = withHistory()
    bench.hear({ type: 'demand', viewers: 1, interval: 1000 })
    bench.sample(warm(ready, 30))
    expect(published(bench)).toMatchObject([{ mode: 'watched', history: { chunk: 3 } }])
  })

  it('goes every 30 s while watched, a whole chunk with the next frame', () => {
    const bench = Bench.open(ready)
    bench.cargo = withHistory()
    for (let n = 0; n < 60; n++) {
      bench.pass(1000, 1)
      bench.sample(warm(ready, n))
    }
    expect(published(bench).filter(({ history }) => history).length).toBe(2)
    bench.cargo = withHistory(1)
    bench.pass(5000, 1)
    bench.sample(warm(ready, 99))
    expect(published(bench)[0]).toHaveProperty('history')
  })

  it('is told to be stored by the answer to the very frame that carried it', () => {
    const bench = idle()
    bench.cargo = withHistory()
    bench.pass(5 * 60_000)
    const seq = published(bench).find((frame) => frame.history)?.seq ?? 0
    bench.told = []
    bench.ack(0, seq - 1)
    expect(bench.told.some(({ type }) => type === 'stored')).toBe(false)
    bench.ack(0, seq)
    expect(bench.told).toContainEqual({ type: 'stored', chunk: { chunk: 3, length: 5 } })
  })

  it('stays behind where the frame would be too large, events never do', () => {
    const bench = Bench.open(ready)
    const wide = Array.from({ length: 600 }, (_, n) => [n - 2000, 1]).flat()
    const large = {
      ...chunk(1, 600),
      columns: Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`tool${n}.actual`, wide])),
    }
    bench.cargo = { waiting: 2, history: () => large, events: [event(1)] }
    bench.pass(60_000, 1)
    const frames = published(bench)
    expect(frames.some(({ events }) => events !== undefined)).toBe(true)
    for (const frame of frames) {
      expect(frame.history).toBeUndefined()
      expect(bytesOf(JSON.stringify(frame))).toBeLessThanOrEqual(limits.frameBytes)
    }
  })
})
