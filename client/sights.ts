import type { PrinterId } from '../protocol/ids.ts'
import type { Badge } from './badge.ts'
import type { Entry } from './entry.ts'
import { sightOf, type PrinterSight } from './view.ts'

/** What each printer looked like last, so that what did not change stays the same object. */
export interface Sights {
  of(id: PrinterId, entry: Entry, badge: Badge, answered: boolean): PrinterSight
}

export const createSights = (): Sights => {
  const made = new Map<PrinterId, { entry: Entry; sight: PrinterSight }>()
  return {
    of: (id, entry, badge, answered) => {
      const sight = sightOf(id, entry, badge, answered)
      const known = made.get(id)
      const same =
        known?.entry === entry &&
        known.sight.badge === sight.badge &&
        known.sight.neverSpoke === sight.neverSpoke
      if (same) return known.sight
      made.set(id, { entry, sight })
      return sight
    },
  }
}
