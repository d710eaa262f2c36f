/** The system's code of a failure: `ENOSPC`, `EACCES`, … */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'

/** The system's code of a failed fetch, which hides it in the cause; never a message. */
export const failureCode = (error: unknown): string => {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z0-9_]{1,40}$/.test(at.code))
      return at.code
  }
  return 'no connection'
}
