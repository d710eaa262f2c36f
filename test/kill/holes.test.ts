import { describe, expect, it } from 'vitest'
import { bucketed, gridOf } from '../../functions/relay/past/history-buckets.ts'
import { holesIn } from './holes.ts'

const [bucket, step, length] = [10_000, 2000, 20]
const measures = { since: 0, bucket, step }
/** How far the first sample lies from the beginning of a bucket, ms. */
const phases = Array.from({ length: bucket / 100 }, (_, n) => n * 100)
const chunkAt = (t0: number) => ({
  t0,
  step,
  length,
  columns: { 'tool0.actual': Array<number>(length).fill(2000) },
})
/** What the relay answers of two chunks, the second so long (ms) after the end of the first. */
const answer = (t0: number, pause: number) => {
  const later = t0 + length * step + pause
  const covered = later + length * step
  return { ...bucketed([chunkAt(t0), chunkAt(later)], gridOf(0, covered, bucket)), covered }
}

describe('the judge of a history', () => {
  it('finds no hole in an unbroken line, wherever its samples lie between the buckets', () => {
    for (const phase of phases) expect(holesIn(answer(phase, 0), measures)).toEqual([])
  })

  it('finds a pause that leaves a bucket empty', () => {
    for (const phase of phases)
      expect(holesIn(answer(phase, 2 * bucket), measures).length).toBeGreaterThan(0)
  })

  it('finds that nothing came after a moment, or that it came late', () => {
    expect(holesIn({ at: [], covered: 30_000 }, measures)).toEqual([0])
    expect(holesIn({ at: [20_000], covered: 30_000 }, measures)).toEqual([0])
    expect(holesIn({ at: [0, 10_000], covered: 40_000 }, measures)).toEqual([10_000])
  })
})
