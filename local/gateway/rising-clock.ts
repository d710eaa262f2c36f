export interface RisingClock {
  /** The next time stamp (ms), above every earlier one. */
  next(): number
  /** The highest handed out so far, or the floor. */
  last(): number
}

/**
 * Times of connection that strictly rise over the whole gateway. Generations are ordered by them,
 * so two connections of one millisecond, a clock set back and a restart must not tie or step back:
 * `floor` is the highest value of an earlier run.
 */
export const createRisingClock = (now: () => number, floor: number): RisingClock => {
  let last = floor
  return {
    next: () => (last = Math.max(now(), last + 1)),
    last: () => last,
  }
}
