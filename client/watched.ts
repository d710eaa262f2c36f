import type { PrinterId } from '../protocol/ids.ts'

/** Who watches what: several parts of a page may watch one printer. */
export interface Watched {
  /** In the order in which their watching began. */
  ids(): readonly PrinterId[]
  /** Returns how to end this one watching; ending twice is ending once. */
  add(id: PrinterId): () => void
}

export const createWatched = (): Watched => {
  const counts = new Map<PrinterId, number>()
  /** Asked for with every frame, changed now and then. */
  let ids: readonly PrinterId[] | undefined
  const change = (id: PrinterId, by: number) => {
    const count = (counts.get(id) ?? 0) + by
    if (count > 0) counts.set(id, count)
    else counts.delete(id)
    ids = undefined
  }
  return {
    ids: () => (ids ??= [...counts.keys()]),
    add: (id) => {
      change(id, 1)
      let watching = true
      return () => {
        if (watching) change(id, -1)
        watching = false
      }
    },
  }
}
