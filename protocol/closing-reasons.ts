interface ClosingReason {
  /** Whether opening a new connection can help, and when. */
  readonly then: 'reconnect' | 'retry later' | 'sign in again' | 'stop'
  readonly means: string
}

/**
 * Why a connection ends. API Gateway offers the backend no close code (DELETE @connections takes
 * only an id), so the reason travels in a `closing` frame just before the end.
 */
export const closingReasons = {
  replaced: { then: 'stop', means: 'a newer connection of the same process took over' },
  superseded: { then: 'retry later', means: 'another agent took this printer over' },
  token_revoked: { then: 'stop', means: "the printer's token was revoked or rotated" },
  access_revoked: { then: 'stop', means: 'the right to watch was withdrawn' },
  signed_out: { then: 'stop', means: 'the person signed out everywhere' },
  session_expired: { then: 'sign in again', means: 'the sign-in ran out and was not renewed' },
  going_away: { then: 'reconnect', means: 'the relay is being shut down or updated' },
} as const satisfies Record<string, ClosingReason>

export type ClosingReasonName = keyof typeof closingReasons
