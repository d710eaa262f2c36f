interface Known {
  /** Where each bucket that has a sample begins, ms since 1970. */
  readonly at: readonly number[]
  /** Up to when the history knows, ms since 1970. */
  readonly covered?: number | undefined
}

interface Measures {
  /** From then on (ms since 1970) every moment must be known. */
  readonly since: number
  /** Width of a bucket, ms. */
  readonly bucket: number
  /** Between two samples of an agent, ms. */
  readonly step: number
}

/**
 * The moments (ms since 1970) after which a bucket without a sample follows. The newest sample
 * stands for its whole step, so the history may know of a bucket that has no sample of its own yet.
 */
export const holesIn = (
  { at, covered = 0 }: Known,
  { since, bucket, step }: Measures,
): readonly number[] => {
  const known = [since, ...at.filter((moment) => moment > since)]
  return known.filter((moment, n) => (known[n + 1] ?? covered - step) - moment > bucket)
}
