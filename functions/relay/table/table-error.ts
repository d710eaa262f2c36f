export type TableErrorCode =
  | 'invalid'
  | 'item_too_large'
  | 'throttled'
  | 'timeout'
  | 'unavailable'
  | 'table_missing'
  | 'denied'

/** A table that could not answer: a refused condition is an outcome, this is a failure. */
export class TableError extends Error {
  override readonly name = 'TableError'
  constructor(
    readonly code: TableErrorCode,
    message: string,
  ) {
    super(message)
  }

  /** Whether the same call may succeed when made again a little later. */
  get retryable(): boolean {
    return this.code === 'throttled' || this.code === 'timeout' || this.code === 'unavailable'
  }
}
