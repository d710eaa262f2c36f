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

  it('has one frame in each tick, though readings come ten times as often', () => {
    const bench = Bench.open(ready)
    const began = bench.line.pacedAt
    for (let n = 0; n < 1000; n++) {
      bench.pass(97, 1)
      bench.sample(warm(ready, n))
    }
    const ticks = bench.frames.map(({ at }) => Math.floor((at - began) / tick))
    expect(ticks.length).toBeGreaterThan(90)
    expect(new Set(ticks).size).toBe(ticks.length)
  })
})
