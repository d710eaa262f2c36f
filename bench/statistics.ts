/** What is told of many measurements; in the unit of the measurements. */
export interface Summary {
  readonly count: number
  readonly median: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** The smallest value that at least `share` (0 to 1) of the sorted values do not exceed. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN

export const summaryOf = (values: readonly number[]): Summary => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => quantile(sorted, share)
  return { count: sorted.length, median: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) }
}
