import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantile, summaryOf } from '../../bench/statistics.ts'

describe('the summary of measurements', () => {
  it('takes the nearest rank, of which a hundredth part lies above the 99th percentile', () => {
    const values = Array.from({ length: 200 }, (_, i) => 200 - i)
    expect(summaryOf(values)).toEqual({ count: 200, median: 100, p90: 180, p99: 198, max: 200 })
  })

  it('tells only values that were measured, and at least that share not above them', () => {
    const values = fc.array(fc.integer(), { minLength: 1 })
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (measured, share) => {
        const found = quantile(
          [...measured].sort((a, b) => a - b),
          share,
        )
        expect(measured).toContain(found)
        const notAbove = measured.filter((value) => value <= found).length
        expect(notAbove).toBeGreaterThanOrEqual(Math.floor(measured.length * share))
      }),
    )
  })

  it('has no figures where nothing was measured', () => {
    expect(summaryOf([])).toEqual({ count: 0, median: NaN, p90: NaN, p99: NaN, max: NaN })
  })
})
