/**
 * The sparse index of the watchdog: an item is in it exactly while it has the attribute `alive`.
 * It has no sort key and projects keys only, so a publish, which leaves `alive` as it is, costs no
 * second write.
 */
export const aliveIndex = {
  name: 'alive',
  /** The partition key attribute of the index, a string. */
  attribute: 'alive',
  /** The only value it ever has: one partition is enough for what changes when a printer comes. */
  value: '1',
} as const
