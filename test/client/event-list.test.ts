import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  emptyEventList,
  eventsKept,
  newsBetween,
  takeEvent,
  takeNewest,
  takePage,
  type EventList,
} from '../../client/event-list.ts'
import type { LoggedEvent } from '../../protocol/printer-event.ts'
import type { EventPage } from '../../protocol/rest-events.ts'

const event = (n: number): LoggedEvent => ({
  ...{ printerId: 'p1', n, at: n },
  body: { type: 'printer_connected' },
})
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)

/** What the relay answers of a log with this head whose first `gone` events expired. */
const pageAfter = (head: number, gone: number, after: number, limit: number): EventPage => {
  const ns = range(Math.max(after, gone) + 1, head).slice(0, limit)
  return { events: ns.map(event), next: ns.at(-1) ?? Math.max(after, head), head, now: 0 }
}
const newest = (head: number, gone: number, limit: number): EventPage => ({
  ...pageAfter(head, gone, Math.max(0, head - limit), limit),
  next: head,
})

const starting = (head: number): EventList => takeNewest(emptyEventList, newest(head, 0, 50))
const numbers = (list: EventList) => list.shown.map(({ n }) => n)

describe('a list of events', () => {
  it('shows the next, ignores what was shown, and waits before a gap', () => {
    const one = takeEvent(starting(2), event(3))
    expect(numbers(one)).toEqual([1, 2, 3])
    expect(takeEvent(one, event(2))).toBe(one)
    const gap = takeEvent(one, event(5))
    expect(numbers(gap)).toEqual([1, 2, 3])
    expect(numbers(takeEvent(gap, event(4)))).toEqual([1, 2, 3, 4, 5])
  })

  it('goes on behind what expired', () => {
    const list = takePage(starting(2), pageAfter(9, 6, 2, 2))
    expect(numbers(list)).toEqual([1, 2, 7, 8])
    expect(list.cursor).toBe(8)
  })

  it('keeps the newest and no more', () => {
    const list = range(1, 500).reduce((held, n) => takeEvent(held, event(n)), starting(0))
    expect(numbers(list)).toEqual(range(500 - eventsKept + 1, 500))
    const early = range(2, 500).reduce((held, n) => takeEvent(held, event(n)), starting(0))
    expect(early.early.length).toBeLessThanOrEqual(100)
  })

  it('calls news also what the first page brings of the time since the socket began', () => {
    const before = takeEvent(emptyEventList, event(3))
    const after = takeNewest(before, newest(4, 0, 50))
    expect(newsBetween(before, after).map(({ n }) => n)).toEqual([3, 4])
  })

  it('calls news what came while it began, but not the past', () => {
    const before = takeEvent(emptyEventList, event(3))
    const after = takeNewest(before, newest(3, 0, 50))
    expect(numbers(after)).toEqual([1, 2, 3])
    expect(newsBetween(before, after).map(({ n }) => n)).toEqual([3])
  })
})

interface Step {
  readonly does: 'append' | 'deliver' | 'page' | 'expire'
  readonly pick: number
}
const steps = fc.array(
  fc.record<Step>({
    does: fc.constantFrom('append', 'append', 'deliver', 'deliver', 'deliver', 'page', 'expire'),
    pick: fc.nat(1000),
  }),
  { maxLength: 120 },
)

describe('property 7: a reader', () => {
  it('shows each event once and in order, whatever is lost, repeated or reordered', () => {
    fc.assert(
      fc.property(steps, fc.nat(20), fc.integer({ min: 1, max: 5 }), (schedule, first, limit) => {
        let head = first
        let gone = 0
        let start = 0
        let list = emptyEventList
        const news: number[] = []
        /** Events that had expired when a page led past them: only they may be missing. */
        const passed = new Set<number>()
        const take = (next: EventList) => {
          news.push(...newsBetween(list, next).map(({ n }) => n))
          list = next
        }
        const page = (size: number) => {
          const { cursor } = list
          if (cursor === undefined) {
            start = head
            return take(takeNewest(list, newest(head, gone, size)))
          }
          for (const n of range(cursor + 1, gone)) passed.add(n)
          take(takePage(list, pageAfter(head, gone, cursor, size)))
        }
        for (const { does, pick } of schedule) {
          if (does === 'append') head++
          if (does === 'deliver' && head > 0) take(takeEvent(list, event((pick % head) + 1)))
          if (does === 'page') page(limit)
          if (does === 'expire') gone = Math.min(head - 1, gone + (pick % 3))
        }
        page(limit)
        while ((list.cursor ?? 0) < head) page(limit)
        expect(news).toEqual([...new Set(news)].sort((a, b) => a - b))
        for (const n of range(start + 1, head)) expect(news.includes(n) || passed.has(n)).toBe(true)
        expect(list).toMatchObject({ cursor: head, early: [] })
      }),
      { numRuns: 500 },
    )
  })

  it('is not exact when it takes a frame above a gap for the next (broken variant)', () => {
    const greedy = (list: EventList, { n }: LoggedEvent): EventList => ({ ...list, cursor: n })
    const list = greedy(starting(2), event(4))
    expect(takeEvent(list, event(3))).toBe(list)
  })
})
