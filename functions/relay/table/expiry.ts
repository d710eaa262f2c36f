const day = 24 * 60 * 60 * 1000

/** How long items are kept that are neither leases nor tickets, in ms (design §6). */
export const keptFor = {
  /** The last state of a printer whose agent is away. */
  state: 30 * day,
  event: 90 * day,
  history: 7 * day,
  /** A print's record, unless the operator says otherwise. */
  print: 365 * day,
  audit: 90 * day,
  /** A connection's item outlives its two hours by this, for a `$disconnect` that comes late. */
  connectionMargin: 5 * 60 * 1000,
} as const

/** DynamoDB's TTL counts in whole seconds; rounded up, so that nothing is deleted early. */
export const expirySeconds = (untilMs: number): number => Math.ceil(untilMs / 1000)

/** TTL deletes days late, so every read asks. */
export const expired = (item: { readonly expiresAt: number }, now: number): boolean =>
  item.expiresAt * 1000 <= now
