/**
 * What is known of the relay's clock. Each stamp that it sent is at most as old as its arrival, so
 * the least `monotonic − stamp` seen is the difference of the clocks plus the shortest way.
 */
export interface RelayClock {
  readonly least: number
  /** Monotonic time of that finding. */
  readonly at: number
}

/** Oscillators differ by some 100 ppm: an old finding slowly gives way to newer ones. */
const drift = 1e-4

const leastAt = ({ least, at }: RelayClock, monotonic: number) => least + (monotonic - at) * drift

/** Learns from a stamp (ms since 1970 by the relay) that arrived at `monotonic`. */
export const learn = (
  known: RelayClock | undefined,
  stamp: number,
  monotonic: number,
): RelayClock => {
  const seen = monotonic - stamp
  return known && leastAt(known, monotonic) <= seen ? known : { least: seen, at: monotonic }
}

/** The relay's time now, ms since 1970; undefined before it said anything. */
export const relayNow = (known: RelayClock | undefined, monotonic: number): number | undefined =>
  known && monotonic - leastAt(known, monotonic)
