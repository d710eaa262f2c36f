/** At most `count` in any `windowMs`. */
export type Limit = { readonly count: number; readonly windowMs: number }

/** Whether one more is allowed at `now`, after those at `times` (ms). */
export const allowedAt = (
  limits: readonly Limit[],
  times: readonly number[],
  now: number,
): boolean =>
  limits.every(
    ({ count, windowMs }) => times.filter((time) => now - time < windowMs).length < count,
  )
