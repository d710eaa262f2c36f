/** Time as the client needs it. Nothing in this room looks at a clock that was not passed in. */
export interface Clock {
  /** Wall clock, ms since 1970; may jump. */
  now(): number
  /** Monotonic clock, ms; never jumps, may stand still while the machine sleeps. */
  monotonic(): number
  /** Calls `fn` once, `ms` later, unless cancelled before. */
  after(ms: number, fn: () => void): () => void
}

export interface SocketEvents {
  readonly opened: () => void
  /** One text frame came. */
  readonly said: (text: string) => void
  /** The socket is gone, or never came to be; nothing follows. */
  readonly ended: () => void
}

/** A WebSocket, reduced to what is used. Events start after `listen`, none comes from within it. */
export interface SocketLike {
  listen(events: SocketEvents): void
  send(text: string): void
  close(): void
}

export interface RequestLike {
  readonly method: 'GET' | 'POST'
  readonly headers: Record<string, string>
  readonly body: string | undefined
  readonly signal: AbortSignal
}

export interface ResponseLike {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

export interface ClientDeps {
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly openSocket: (url: string, subprotocol: string) => SocketLike
  readonly fetch: (url: string, request: RequestLike) => Promise<ResponseLike>
  readonly config: {
    /** Base of the HTTP API, without a slash at its end. */
    readonly api: string
    /** The WebSocket's address. */
    readonly socket: string
    /** Where what is watched begins below `api`; `/v1` if unset, for guests `guestRoot`. */
    readonly root?: string
  }
  /**
   * The token to show to the HTTP API. `fresh`: the one given before was refused. Throws a
   * `SignInRequiredError` when only a person can help; anything else counts as passing trouble.
   */
  readonly token: (wish: { readonly fresh: boolean }) => Promise<string>
}
