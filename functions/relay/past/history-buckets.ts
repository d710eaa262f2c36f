import { celsiusOf } from '../../../protocol/history-codec.ts'
import type { HistoryAnswer } from '../../../protocol/rest-history.ts'

/** A decoded chunk: sample `i` of each column was taken at `t0 + i × step` (ms since 1970). */
export interface DecodedChunk {
  readonly t0: number
  readonly step: number
  readonly length: number
  /** Tenths of a degree. */
  readonly columns: Readonly<Record<string, readonly number[]>>
}

/** Buckets on a grid that does not depend on when it was asked. */
export interface Grid {
  /** Multiples of `resolution`, ms since 1970. */
  readonly from: number
  readonly to: number
  readonly resolution: number
}

/** The grid that holds a range whole: a bucket that was cut would tell of less than it covers. */
export const gridOf = (from: number, to: number, resolution: number): Grid => ({
  from: Math.floor(from / resolution) * resolution,
  to: Math.ceil(to / resolution) * resolution,
  resolution,
})

export const bucketsIn = ({ from, to, resolution }: Grid): number => (to - from) / resolution

interface Sums {
  readonly min: Float64Array
  readonly max: Float64Array
  readonly sum: Float64Array
  readonly count: Float64Array
}

const newSums = (size: number): Sums => ({
  min: new Float64Array(size).fill(Infinity),
  max: new Float64Array(size).fill(-Infinity),
  sum: new Float64Array(size),
  count: new Float64Array(size),
})

/** Least, highest and mean reading of each bucket that has any; the order of chunks says nothing. */
export const bucketed = (
  chunks: readonly DecodedChunk[],
  grid: Grid,
): Pick<HistoryAnswer, 'at' | 'columns'> => {
  const size = bucketsIn(grid)
  const byField = new Map<string, Sums>()
  for (const chunk of chunks)
    for (const [field, values] of Object.entries(chunk.columns)) {
      const sums = byField.get(field) ?? newSums(size)
      byField.set(field, sums)
      addColumn(sums, grid, chunk, values)
    }
  const all = [...byField].sort(([a], [b]) => (a < b ? -1 : 1))
  const used = Array.from({ length: size }, (_, i) => i).filter((i) =>
    all.some(([, { count }]) => count[i]),
  )
  return {
    at: used.map((i) => grid.from + i * grid.resolution),
    columns: Object.fromEntries(all.map(([field, sums]) => [field, columnsOf(sums, used)])),
  }
}

const addColumn = (
  { min, max, sum, count }: Sums,
  { from, to, resolution }: Grid,
  { t0, step }: DecodedChunk,
  values: readonly number[],
): void => {
  values.forEach((value, i) => {
    const at = t0 + i * step
    if (at < from || at >= to) return
    const bucket = Math.floor((at - from) / resolution)
    min[bucket] = Math.min(min[bucket] ?? value, value)
    max[bucket] = Math.max(max[bucket] ?? value, value)
    sum[bucket] = (sum[bucket] ?? 0) + value
    count[bucket] = (count[bucket] ?? 0) + 1
  })
}

const columnsOf = ({ min, max, sum, count }: Sums, used: readonly number[]) => {
  const known = (make: (i: number) => number) => used.map((i) => (count[i] ? make(i) : null))
  return {
    min: known((i) => celsiusOf(min[i] ?? 0)),
    max: known((i) => celsiusOf(max[i] ?? 0)),
    // Two decimals: the mean of tenths says more than a tenth.
    mean: known((i) => Math.round(((sum[i] ?? 0) / (count[i] ?? 1)) * 10) / 100),
  }
}
