import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs } from '../../protocol/backoff.ts'
import { backoff } from '../../protocol/time-outs.ts'

const attempts = fc.nat(200)
const randoms = fc.double({ min: 0, max: 0.999_999, noNaN: true })

describe('backoff', () => {
  it('waits at least what is asked for and never longer than the last cap', () => {
    fc.assert(
      fc.property(attempts, randoms, fc.constantFrom(0, backoff.first), (attempt, draw, least) => {
        const wait = backoffMs(attempt, () => draw, least)
        expect(wait).toBeGreaterThanOrEqual(least)
        expect(wait).toBeLessThanOrEqual(backoff.last)
      }),
    )
  })

  it('doubles its cap from try to try, and draws from the whole span under it', () => {
    const caps = (least: number) =>
      [0, 1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, () => 1, least))
    expect(caps(0)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    expect(caps(1_000)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
    for (const attempt of [0, 3, 9]) expect(backoffMs(attempt, () => 0)).toBe(0)
  })
})
