import type { PrinterId } from '../protocol/ids.ts'
import {
  badgeOf,
  firstBadge,
  settleBadge,
  settlesAt,
  type Badge,
  type BadgeFacts,
  type SettledBadge,
} from './badge.ts'
import type { Clock } from './deps.ts'

/** Age and silence are looked at so often, ms, though nothing comes. */
const tick = 1_000

export interface Badges {
  /** Facts may have changed. */
  look(): void
  shown(id: PrinterId): Badge
  stop(): void
}

/** Keeps the badges of what is watched true while time passes. */
export const createBadges = (deps: {
  readonly clock: Clock
  readonly ids: () => readonly PrinterId[]
  /** Whether time matters: not before the start nor after the stop. */
  readonly ticks: () => boolean
  readonly factsOf: (id: PrinterId) => BadgeFacts
  readonly changed: () => void
}): Badges => {
  const badges = new Map<PrinterId, SettledBadge>()
  /** On their way since they are watched: that they arrive is no change that could flicker. */
  const opening = new Set<PrinterId>()
  let cancel = () => {}

  const settle = (id: PrinterId, now: number): boolean => {
    const truth = badgeOf(deps.factsOf(id))
    const before = badges.get(id)
    if (!before) opening.add(id)
    const arrives = opening.has(id) && truth === 'real-time'
    const after = before && !arrives ? settleBadge(before, truth, now) : firstBadge(truth, now)
    if (after.shown !== 'reconnecting') opening.delete(id)
    badges.set(id, after)
    return before?.shown !== after.shown
  }
  const forget = (id: PrinterId) => {
    badges.delete(id)
    opening.delete(id)
  }
  const look = () => {
    cancel()
    const now = deps.clock.monotonic()
    const ids = deps.ids()
    for (const id of badges.keys()) if (!ids.includes(id)) forget(id)
    const changed = ids.map((id) => settle(id, now)).some(Boolean)
    if (ids.length > 0 && deps.ticks()) cancel = deps.clock.after(untilNext(now), look)
    if (changed) deps.changed()
  }
  const untilNext = (now: number) => {
    const dues = [...badges.values()].map((badge) => (settlesAt(badge) ?? Infinity) - now)
    return Math.ceil(Math.max(0, Math.min(tick, ...dues)))
  }
  return {
    look,
    shown: (id) => badges.get(id)?.shown ?? 'reconnecting',
    stop: () => {
      cancel()
      badges.clear()
      opening.clear()
    },
  }
}
