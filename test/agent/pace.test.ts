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

  it('has no more frames than ticks in any stretch of time, but one', () => {
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
            expect(more).toBeLessThanOrEqual((to - from) / tick + 1)
      }),
    )
  })
})
