import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Sample } from './sample.ts'
import { heapClaim, heapSlopeBound, slopeBesidePages, slopeOf } from './verdict.ts'

const dayOf = (heap: (hour: number) => number, kept = (_hour: number) => 0) =>
  Array.from({ length: 24 }, (_, i) => ({
    ...{ hour: i + 1, heap: heap(i + 1), kept: kept(i + 1), pages: 20 + (i % 7) },
  }))
const heldBy = (samples: readonly Pick<Sample, 'hour' | 'heap' | 'kept' | 'pages'>[]) =>
  heapClaim(samples, 10).map(({ holds }) => holds)

describe('the trend of the heap', () => {
  it('is the slope of a line', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), fc.integer(), (slope, start) => {
        const points = [4, 9, 17, 24].map((hour) => [hour, start + slope * hour] as const)
        expect(slopeOf(points)).toBeCloseTo(slope, 5)
      }),
    )
  })

  it('holds while the heap only sways, and fails when it creeps', () => {
    const mb = 1_048_576
    expect(heldBy(dayOf((hour) => 40 * mb + (hour % 2) * mb))).toEqual([true])
    expect(heldBy(dayOf((hour) => 40 * mb + hour * 1.5 * heapSlopeBound))).toEqual([false])
  })

  it('does not count the first hours, nor what the directory keeps', () => {
    const mb = 1_048_576
    expect(heldBy(dayOf((hour) => (hour < 10 ? 10 : 40) * mb))).toEqual([true])
    const kept = (hour: number) => hour * mb
    expect(heldBy(dayOf((hour) => 40 * mb + kept(hour), kept))).toEqual([true])
  })

  it('takes out what pages cost', () => {
    const points = dayOf(() => 0).map(({ hour, pages }) => ({
      hour,
      pages,
      heap: 3 * pages + 2 * hour,
    }))
    expect(slopeBesidePages(points)).toBeCloseTo(2)
  })

  it('is not judged without the collector or over a few hours', () => {
    expect(heldBy(dayOf(() => 1).slice(0, 15))).toEqual([])
    expect(heldBy(dayOf(() => 1).map((sample) => ({ ...sample, heap: undefined })))).toEqual([])
  })
})
