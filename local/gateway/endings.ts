/** How a connection ended, as `$disconnect` is told. */
export interface Ending {
  readonly code: number
  readonly reason: string
}

/** The ends the gateway itself brings about. The back end can choose neither code nor reason. */
export const endings = {
  /** Idle too long, too old, or the gateway stops. */
  goingAway: { code: 1001, reason: 'Going away' },
  /** `DELETE @connections/{id}`. */
  deleted: { code: 1000, reason: 'Connection Closed Normally' },
  /** Only text is taken. */
  binary: { code: 1003, reason: 'Unsupported data' },
  /** A message or frame beyond the limits. */
  tooLong: { code: 1009, reason: 'Message too long' },
  /** The client was gone before, or without, a close frame. */
  lost: { code: 1006, reason: 'Connection Closed Abnormally' },
} as const satisfies Record<string, Ending>

const withoutStatus = 1005

/** The end by a close frame, or by none (1006). */
export const endingOfClose = (code: number, reason: string): Ending => {
  if (code === endings.lost.code) return endings.lost
  if (code === withoutStatus) return { code, reason: 'Client-side close frame status not set' }
  if (code === endings.deleted.code && reason === '') return endings.deleted
  return { code, reason }
}

/** What the parser calls its refusals; everything else it refuses breaks the protocol (1002). */
const endingsByParserCode: Readonly<Record<string, Ending>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: endings.tooLong,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: endings.tooLong,
  WS_ERR_INVALID_UTF8: { code: 1007, reason: 'Invalid UTF-8' },
  WS_ERR_TOO_MANY_BUFFERED_PARTS: { code: 1008, reason: 'Too many parts' },
}

/** The end by what the WebSocket parser refused, or by a socket error. */
export const endingOfError = (error: Error): Ending => {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (!code.startsWith('WS_ERR_')) return endings.lost
  return endingsByParserCode[code] ?? { code: 1002, reason: 'Protocol error' }
}
