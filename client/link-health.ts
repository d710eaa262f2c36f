import type { BadgeFacts } from './badge.ts'
import type { Clock } from './deps.ts'
import type { Phase } from './session.ts'

/** A link that brings something within this, ms, is not replaced by REST. */
const restAfter = 2_000
/** A second frame that does not parse within this, ms, shows that syncing does not help. */
const unreadableWindow = 60_000

export interface LinkHealthDeps {
  readonly clock: Clock
  /** REST may have to serve from now on. */
  readonly late: () => void
}

/** Whether the link serves, or REST has to in its place: what is open need not bring anything. */
export interface LinkHealth {
  start(): void
  /** The session's phase moved on. */
  moved(phase: Phase): void
  /** A frame came. */
  heard(): void
  unreadable(): void
  /** Something is wanted after a time in which nothing was: so far the link had nothing to bring. */
  asked(): void
  /** Whether it brings nothing though it had the time: not open, or open and mute. */
  isLate(): boolean
  /** Whether REST serves in its place: it is late, or brings what cannot be read. */
  isReplaced(): boolean
  /** As the badges take it. */
  link(): BadgeFacts['link']
  /** How long (ms) no link has brought anything. */
  downFor(): number
  /** How long ago (ms) the last frame came. */
  silentFor(): number
  stop(): void
}

export const createLinkHealth = ({ clock, late }: LinkHealthDeps): LinkHealth => {
  let phase: Phase['at'] = 'stopped'
  /** Since when no link brings anything. */
  let downSince = clock.monotonic()
  /** Whether the present link brought a frame: an open socket alone proves nothing. */
  let brought = false
  let heardAt = -Infinity
  let unreadableAt: number | undefined
  let restUntil = -Infinity
  let cancel = () => {}

  const isOver = () => phase === 'ended' || phase === 'stopped'
  const downFor = () => clock.monotonic() - downSince
  const isLate = () => !brought && !isOver() && downFor() >= restAfter
  const isReplaced = () => isLate() || (phase === 'open' && clock.monotonic() < restUntil)
  /** Looks again when a link that brought nothing yet is late. */
  const plan = () => {
    cancel()
    if (!brought && !isOver()) cancel = clock.after(Math.max(0, restAfter - downFor()), late)
  }
  return {
    start: () => {
      downSince = clock.monotonic()
    },
    moved: ({ at }) => {
      phase = at
      if (brought) downSince = clock.monotonic()
      brought = false
      if (at === 'open') {
        unreadableAt = undefined
        restUntil = -Infinity
      }
      plan()
    },
    heard: () => {
      heardAt = clock.monotonic()
      brought = true
    },
    unreadable: () => {
      const now = clock.monotonic()
      const again = unreadableAt !== undefined && now - unreadableAt < unreadableWindow
      unreadableAt = now
      if (!again) return
      restUntil = now + unreadableWindow
      late()
    },
    asked: () => {
      if (phase !== 'open' || brought) return
      downSince = clock.monotonic()
      plan()
    },
    isLate,
    isReplaced,
    link: () => {
      if (phase === 'ended') return phase
      // Before the start too it is on its way: a page must not open with "cannot be reached".
      return phase === 'open' && !isReplaced() ? 'open' : 'down'
    },
    downFor,
    silentFor: () => clock.monotonic() - heardAt,
    stop: () => cancel(),
  }
}
