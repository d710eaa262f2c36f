import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Bench } from './support/bench.ts'
import { ready, warm } from './support/states.ts'

const tick = 1000

/** Takes a reading in each tick, so late (ms) after the tick's begin; answers the frames' waits. */
const waits = (bench: Bench, delays: readonly number[]): number[] => {
  const start = bench.at
  return delays.map((delay, n) => {
    const readAt = start + (n + 1) * tick + delay
    bench.pass(readAt - bench.at, 1)
    bench.sent()
    bench.sample(warm(ready, n))
    const [frame] = bench.frames
    return frame ? frame.at - readAt : Infinity
  })
}

describe('the pace of frames', () => {
  it('lets the reading of each tick go at once, however the readings sway', () => {
    const delays = fc.array(fc.integer({ min: 0, max: tick - 1 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(delays, (late) => {
        const bench = Bench.open(ready)
        expect(waits(bench, late)).toEqual(late.map(() => 0))
      }),
    )
  })

  it('has no more frames than ticks, less a tenth each, in any stretch of time, but one', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 3 * tick }), { maxLength: 100 })
    fc.assert(
      fc.property(gaps, (gap) => {
        const bench = Bench.open(ready)
        for (const [n, ms] of gap.entries()) {
          bench.pass(ms, 1)
          bench.sample(warm(ready, n))
        }
        const times = bench.frames.map(({ at }) => at)
        for (const [first, from] of times.entries())
          for (const [more, to] of times.slice(first).entries())
            expect(more).toBeLessThanOrEqual((to - from) / (0.9 * tick) + 1)
      }),
    )
  })

  it('finds back to the beat of the readings within ten ticks after it was shifted', () => {
    const shifts = fc.integer({ min: 1, max: tick - 1 })
    fc.assert(
      fc.property(shifts, (shift) => {
        const bench = Bench.open(ready)
        waits(bench, [0, 0])
        // Readings on order: the first uses up what was in hand, the second shifts the beat.
        bench.pass(tick / 4, 1)
        bench.sample(warm(ready, 99))
        bench.pass(shift, 1)
        bench.sample(warm(ready, 100))
        expect(waits(bench, Array<number>(12).fill(0)).slice(10)).toEqual([0, 0])
      }),
    )
  })
})
