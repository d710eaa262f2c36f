/** What can be wrong with how the virtual OctoPrint was asked to start, or with its data. */
export type VirtualOctoPrintErrorCode =
  'unknown-recording' | 'broken-recording' | 'bad-option' | 'port-taken' | 'cannot-listen'

/** An error of the virtual OctoPrint; the message says what happened, where, and what to do. */
export class VirtualOctoPrintError extends Error {
  override readonly name = 'VirtualOctoPrintError'
  readonly code: VirtualOctoPrintErrorCode

  constructor(code: VirtualOctoPrintErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}
