interface ErrorCode {
  /** Whether the same request can succeed later. */
  readonly retryable: boolean
  /** The HTTP status it travels under where HTTP carries it. */
  readonly status: number
  readonly means: string
}

/** Every error that the relay tells a client. Docs and tests read this table. */
export const errorCodes = {
  bad_json: { retryable: false, status: 400, means: 'the frame or body is not JSON' },
  bad_frame: { retryable: false, status: 400, means: 'the frame does not fit its schema' },
  bad_request: { retryable: false, status: 400, means: 'the request does not fit its schema' },
  unknown_action: { retryable: false, status: 400, means: 'no such action' },
  frame_too_large: { retryable: false, status: 413, means: 'the frame is above 32 KB' },
  wrong_role: { retryable: false, status: 403, means: 'this connection may not send that' },
  unauthenticated: { retryable: false, status: 401, means: 'no valid sign-in, ticket or token' },
  not_admitted: { retryable: false, status: 403, means: 'signed in, but not let in' },
  origin_refused: { retryable: false, status: 403, means: 'this page may not open the relay' },
  not_owner: { retryable: false, status: 403, means: 'only an owner of the site may do that' },
  last_owner: { retryable: false, status: 409, means: 'a site keeps at least one owner' },
  limit_reached: { retryable: false, status: 409, means: 'as many as may be: remove one first' },
  secret_not_valid: {
    retryable: false,
    status: 404,
    means: 'the code, invitation or link is unknown, used up, withdrawn or too old',
  },
  not_found: { retryable: false, status: 404, means: 'no such thing, or no right to see it' },
  unknown_connection: {
    retryable: false,
    status: 410,
    means: 'the connection ended: open another',
  },
  session_expired: { retryable: false, status: 401, means: 'the sign-in ran out: renew it' },
  too_many_subscriptions: { retryable: false, status: 429, means: 'unsubscribe from some first' },
  too_many_connections: {
    retryable: true,
    status: 429,
    means: 'as many connections are open as one may have: close others',
  },
  rate_limited: { retryable: true, status: 429, means: 'too often: wait for `retryAfter`' },
  unavailable: { retryable: true, status: 503, means: 'a part of the relay does not answer' },
  internal: { retryable: true, status: 500, means: 'a fault in the relay; it is logged there' },
} as const satisfies Record<string, ErrorCode>

export type ErrorCodeName = keyof typeof errorCodes
