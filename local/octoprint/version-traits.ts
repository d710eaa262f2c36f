/** How versions of OctoPrint differ in what a reader of them meets. */
export type VersionTraits = {
  /** The connection ends after each GET, and no header says so beforehand (1.9). */
  readonly closesAfterGet: boolean
  /** How long an application key is. */
  readonly keyLength: 32 | 43
  /** The error text of a 403 for a missing or wrong key. */
  readonly keyError: string
  /** Requests for application keys are limited (since 1.11.2). */
  readonly limitsKeyRequests: boolean
  /** The status for a POST whose content type is not JSON. */
  readonly notJsonStatus: 400 | 415
  /** Job and connection have the shapes of 2.x. */
  readonly newShapes: boolean
}

/** The traits of a version such as `1.11.8` or `2.0.0rc3`. */
export const traitsOf = (version: string): VersionTraits => {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => parseInt(part, 10))
  const from = (a: number, b: number, c: number) =>
    major !== a ? major > a : minor !== b ? minor > b : patch >= c
  return {
    closesAfterGet: !from(1, 10, 0),
    keyLength: from(1, 10, 0) ? 43 : 32,
    keyError: from(1, 10, 0)
      ? 'This needs a permission that the key or its absence does not give'
      : 'Invalid API key',
    limitsKeyRequests: from(1, 11, 2),
    notJsonStatus: from(2, 0, 0) ? 415 : 400,
    newShapes: from(2, 0, 0),
  }
}
