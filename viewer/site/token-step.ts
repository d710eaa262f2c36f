/**
 * How far a new token is: `given` when the agent has it, `used` when it connected with it, by which
 * those before it ended. Where none stood before, that it connects is not to be seen here.
 */
export type TokenStep = 'awaited' | 'given' | 'used'

/** `before`: the versions of the tokens as the question was opened; `now`: as they are. */
export const tokenStep = (before: readonly number[], now: readonly number[]): TokenStep => {
  const newest = Math.max(0, ...before)
  if (!now.some((version) => version > newest)) return 'awaited'
  return newest > 0 && now.every((version) => version > newest) ? 'used' : 'given'
}
