/** A link that is ended again and again is not begun more often than each of these, ms. */
export const restartGap = 5_000

/** How long (ms) to wait before the link begins anew, where it did so `last`; both ms of one clock. */
export const restartIn = (last: number | undefined, now: number): number =>
  last === undefined ? 0 : Math.max(0, restartGap - (now - last))
