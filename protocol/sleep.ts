/** One moment by both clocks of a machine, ms. */
export interface BothClocks {
  readonly wall: number
  readonly steady: number
}

/** How often a program looks at its clocks, ms: a sleep is noticed so soon after it. */
export const sleepLookEvery = 10_000
/** What passes beyond that and no scheduler explains, ms. */
const tooMuch = 10_000

/**
 * Whether the machine seems to have slept between two looks: the wall clock went on without the
 * steady one, or the second look came far too late. A wall clock that is set forward looks the same.
 */
export const seemsSlept = (before: BothClocks, now: BothClocks): boolean =>
  Math.max(now.wall - before.wall, now.steady - before.steady) > sleepLookEvery + tooMuch
