/** How a connection ended, or why it never began. */
export type Ended =
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'closed'; readonly code: number }

/** What a connection tells. `ended` comes exactly once and nothing after it. */
export interface LinkEvents {
  opened(): void
  said(text: string): void
  ended(how: Ended): void
}

export interface Link {
  /** Drops the frame when the link is not open: state frames are never queued. */
  send(text: string): void
  /** Ends it, whatever state it is in; `ended` follows. */
  end(): void
}

/** Opens one connection to the relay. Never throws. */
export type Dial = (events: LinkEvents) => Link
