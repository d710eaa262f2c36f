import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventBody } from '../../protocol/printer-event.ts'
import type { HistoryAnswer } from '../../protocol/rest-history.ts'
import { eventWords, outcomeWords } from '../../viewer/printer/event-words.ts'
import { age, metres } from '../../viewer/parts/format.ts'
import { joined, samplesKept, sparkline, type Samples } from '../../viewer/printer/samples.ts'

const minute = 60_000
const now = 1_800_000_000_000

/** Readings of each second, as the relay tells them up to `covered`. */
const historyTo = (covered: number, from = covered - 10 * minute, resolution = 5000) => {
  const first = Math.floor(from / resolution) * resolution
  const at: number[] = []
  for (let begin = first; begin < covered; begin += resolution) at.push(begin)
  const mean = at.map((begin) => begin / 1000)
  const column = { min: mean, max: mean, mean }
  return {
    ...{ from: first, to: now, resolution, at, covered, now },
    columns: { 'tool0.actual': column },
  } satisfies HistoryAnswer
}

const liveFrom = (from: number, to: number): Samples => ({
  tool0: Array.from({ length: Math.max(0, Math.floor((to - from) / 1000)) }, (_, i) => ({
    at: from + i * 1000,
    celsius: 20,
  })),
})

describe('the plot of history and live samples', () => {
  it('has no point twice, none out of order, and no gap where they meet', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 * minute }),
        fc.integer({ min: 0, max: 10 * minute }),
        (sinceFlush, openedBefore) => {
          const covered = now - sinceFlush
          const live = liveFrom(now - openedBefore, now)
          const line = joined(historyTo(covered), live, now).tool0 ?? []
          const times = line.map(({ at }) => at)
          expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
          if (openedBefore < sinceFlush) return
          const steps = times.slice(1).map((at, i) => at - (times[i] ?? 0))
          expect(Math.max(...steps)).toBeLessThanOrEqual(5000)
        },
      ),
    )
  })

  it('is the live line alone while nothing else is known', () => {
    const live = liveFrom(now - 5000, now)
    expect(joined(undefined, live, now)).toBe(live)
    const nothing = { from: 0, to: now, resolution: 5000, at: [], columns: {}, now }
    expect(joined(nothing, live, now)).toBe(live)
  })

  it('leaves out what is too old or not known', () => {
    const history = historyTo(now, now - 2 * samplesKept)
    const line = joined(history, {}, now).tool0 ?? []
    expect(line[0]?.at).toBeGreaterThan(now - samplesKept)
    const column = history.columns['tool0.actual']
    const unknown = { ...column, mean: column.mean.map(() => null) }
    expect(joined({ ...history, columns: { 'tool0.actual': unknown } }, {}, now).tool0).toEqual([])
  })

  it('does not draw a line through minutes of which nobody knows', () => {
    const samples = [0, 1000, 5 * minute, 5 * minute + 1000].map((at) => ({ at, celsius: 20 }))
    expect(sparkline(samples, 120, 36).match(/M/g)).toHaveLength(2)
  })
})

describe('words of events', () => {
  it.each<[EventBody, string]>([
    [{ type: 'job_started', name: 'a' }, 'Print started'],
    [{ type: 'job_complete', printTime: 125 * minute }, 'Print finished after 2h 5m'],
    [{ type: 'job_failed', reason: 'cancelled' }, 'Print cancelled'],
    [
      { type: 'job_failed', reason: 'octoprint_lost', printTime: minute },
      'Print failed after 1m: OctoPrint was lost',
    ],
    [{ type: 'agent_silent', printing: true }, 'The agent fell silent during a print'],
    [{ type: 'events_lost', count: 1 }, '1 event could not be kept and is missing here'],
    [{ type: 'events_lost', count: 3 }, '3 events could not be kept and are missing here'],
  ])('say %j', (body, text) => {
    expect(eventWords(body, 'en').text).toBe(text)
  })

  it('tell a cancelled print from a failed one', () => {
    expect(outcomeWords({ n: 1, outcome: 'failed', reason: 'cancelled' }).text).toBe('Cancelled')
    expect(outcomeWords({ n: 1, outcome: 'failed', reason: 'error' }).text).toBe('Failed')
  })

  it('count days from the second on', () => {
    expect(age(47 * 60 * minute, 'en')).toBe('47h 0m ago')
    expect(age(49 * 60 * minute, 'en')).toBe('2d ago')
    expect(metres(8421, 'en')).toBe('8.4 m')
  })
})
