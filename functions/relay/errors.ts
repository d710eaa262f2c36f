import { errorCodes, type ErrorCodeName } from '../../protocol/error-codes.ts'
import { TableError } from './table/table-error.ts'
import type { Key } from './table/table.ts'

/** What a refused frame or request was about, where that is known. */
export interface About {
  readonly printerId?: string
  readonly rid?: number
}

/** A request that is refused, with the code that the client is told. */
export class RelayError extends Error {
  override readonly name = 'RelayError'
  constructor(
    readonly code: ErrorCodeName,
    message: string,
    readonly about: About = {},
    /** When to try again, ms from now, where that is known. */
    readonly retryAfter?: number,
  ) {
    super(message)
  }

  get retryable(): boolean {
    return errorCodes[this.code].retryable
  }
}

/** A stored item that does not fit its schema. Only what needs that item fails. */
export class DamagedItemError extends Error {
  override readonly name = 'DamagedItemError'
  readonly code = 'damaged_item'
  constructor(
    readonly key: Key,
    issues: string,
  ) {
    super(`The item ${key.sk} does not fit its schema (${issues}): the next write repairs it.`)
  }
}

/** Any failure as what the client is told: its own mistakes in words, ours by code alone. */
export const asRelayError = (error: unknown): RelayError => {
  if (error instanceof RelayError) return error
  if (error instanceof TableError && error.retryable)
    return new RelayError('unavailable', 'The relay cannot reach its store: try again.')
  return new RelayError('internal', 'A fault in the relay; its log has it under this request.')
}
