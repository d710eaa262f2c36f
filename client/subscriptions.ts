import type { PrinterId } from '../protocol/ids.ts'
import type { ErrorFrame } from '../protocol/error-frame.ts'
import type { Subscribed } from '../protocol/subscribed.ts'
import type { ViewerToRelay } from '../protocol/viewer-to-relay.ts'
import type { Clock } from './deps.ts'
import { askRepeatedly } from './repeat.ts'

export interface SubscriptionDeps {
  readonly clock: Clock
  readonly send: (frame: ViewerToRelay) => void
  /** The last event shown of a printer; nothing to say where there is none. */
  readonly cursor: (id: PrinterId) => number | undefined
  /** A request stayed without an answer for too long. */
  readonly redial: () => void
}

interface Subscription {
  rid: number
  on: boolean
  /** A snapshot came since it was asked for. */
  seen: boolean
  cancelSubscribe: () => void
  cancelSync: (() => void) | undefined
}

/** How much an unanswered `sync` matters. A printer without an agent has no snapshot to send. */
export type SyncKind = 'must' | 'may'

/** The subscriptions of one connection. */
export interface Subscriptions {
  /** Subscribes to what is new in `ids`, unsubscribes from what is gone. */
  want(ids: readonly PrinterId[]): void
  subscribed(frame: Subscribed): void
  /** A snapshot came. */
  snapshot(id: PrinterId): void
  /** Returns whether a subscription ended by it: not by one that a newer request overtook. */
  refused(frame: ErrorFrame): boolean
  /** The relay does not have these: subscribe anew. */
  missing(ids: readonly PrinterId[]): void
  sync(id: PrinterId, kind: SyncKind): void
  /** Asks the agent for a new reading, once. */
  askAgent(id: PrinterId): void
  /** The keyframe came: no need for a snapshot any more. */
  cancelSync(id: PrinterId): void
  /** A frame came for what nobody wants. */
  unwanted(id: PrinterId): void
  has(id: PrinterId): boolean
  /** Each printer that is subscribed for sure, with its rid. */
  named(): Record<PrinterId, number>
  allOn(): boolean
  stop(): void
}

/** Frames on their way when `unsubscribe` was sent need no second one, ms. */
const unsubscribeGrace = 3_000

export const createSubscriptions = (deps: SubscriptionDeps): Subscriptions => {
  const { clock, send } = deps
  const subs = new Map<PrinterId, Subscription>()
  const leftAt = new Map<PrinterId, number>()
  let lastRid = 0

  const subscribe = (id: PrinterId) => {
    const sub: Subscription = subs.get(id) ?? {
      rid: 0,
      on: false,
      seen: false,
      cancelSubscribe: () => {},
      cancelSync: undefined,
    }
    subs.set(id, sub)
    sub.cancelSubscribe()
    sub.on = false
    sub.seen = false
    const ask = () => {
      sub.rid = ++lastRid
      const since = deps.cursor(id)
      send({
        ...{ action: 'subscribe', printerId: id, rid: sub.rid },
        ...(since && { since }),
      })
    }
    sub.cancelSubscribe = askRepeatedly(clock, ask, deps.redial)
  }
  const forget = (id: PrinterId) => {
    const sub = subs.get(id)
    sub?.cancelSubscribe()
    sub?.cancelSync?.()
    subs.delete(id)
  }
  const unsubscribe = (id: PrinterId) => {
    leftAt.set(id, clock.monotonic())
    send({ action: 'unsubscribe', printerId: id, rid: ++lastRid })
  }
  const cancelSync = (id: PrinterId) => {
    const sub = subs.get(id)
    sub?.cancelSync?.()
    if (sub) sub.cancelSync = undefined
  }
  const sync = (id: PrinterId, kind: SyncKind) => {
    const sub = subs.get(id)
    if (!sub?.on || sub.cancelSync) return
    const ask = () => send({ action: 'sync', printerId: id, rid: sub.rid })
    const giveUp = kind === 'must' ? deps.redial : () => cancelSync(id)
    sub.cancelSync = askRepeatedly(clock, ask, giveUp)
  }
  return {
    want: (ids) => {
      for (const id of [...subs.keys()]) {
        if (ids.includes(id)) continue
        forget(id)
        unsubscribe(id)
      }
      for (const id of ids) if (!subs.has(id)) subscribe(id)
    },
    subscribed: ({ printerId, rid }) => {
      const sub = subs.get(printerId)
      if (sub?.rid !== rid) return
      sub.cancelSubscribe()
      sub.on = true
      // The snapshot is posted before this answer, but neither order nor arrival is promised.
      if (!sub.seen) sub.cancelSubscribe = clock.after(1_000, () => sync(printerId, 'may'))
    },
    snapshot: (id) => {
      const sub = subs.get(id)
      if (!sub) return
      sub.seen = true
      if (sub.on) sub.cancelSubscribe()
    },
    refused: ({ printerId, rid, retryable }) => {
      if (printerId === undefined || retryable) return false
      const sub = subs.get(printerId)
      if (!sub || (rid !== undefined && sub.rid !== rid)) return false
      forget(printerId)
      return true
    },
    missing: (ids) => ids.filter((id) => subs.get(id)?.on).forEach(subscribe),
    sync,
    askAgent: (id) => {
      const sub = subs.get(id)
      if (sub?.on) send({ action: 'sync', printerId: id, rid: sub.rid, fresh: true })
    },
    cancelSync,
    unwanted: (id) => {
      const left = leftAt.get(id)
      if (left === undefined || clock.monotonic() - left >= unsubscribeGrace) unsubscribe(id)
    },
    has: (id) => subs.has(id),
    named: () =>
      Object.fromEntries([...subs].filter(([, { on }]) => on).map(([id, { rid }]) => [id, rid])),
    allOn: () => [...subs.values()].every(({ on }) => on),
    stop: () => [...subs.keys()].forEach(forget),
  }
}
