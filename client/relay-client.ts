import { limits } from '../protocol/limits.ts'
import type { PrinterId } from '../protocol/ids.ts'
import type { LoggedEvent } from '../protocol/printer-event.ts'
import type { RelayToViewer } from '../protocol/relay-to-viewer.ts'
import type { HistoryAnswer } from '../protocol/rest-history.ts'
import type { PrintPage } from '../protocol/rest-prints.ts'
import type { PrinterList, PrinterView } from '../protocol/rest.ts'
import { timeOuts } from '../protocol/time-outs.ts'
import { createAttention } from './attention.ts'
import { isFresh, type BadgeFacts } from './badge.ts'
import { createBadges } from './badges.ts'
import type { ClientDeps } from './deps.ts'
import { refusalOfAll, refusalOfPrinter } from './errors.ts'
import { createEventPager } from './event-pager.ts'
import { createFallback } from './fallback.ts'
import { createLife } from './life.ts'
import { createLinkHealth } from './link-health.ts'
import { relayNow } from './relay-clock.ts'
import { createRest, type HistoryWish } from './rest.ts'
import { newSession, type Session } from './session.ts'
import { createShown } from './shown.ts'
import { ageOf, expectedSilence, needsRaising } from './standing.ts'
import {
  countUnreadable,
  emptyStore,
  entryOf,
  takeEvents,
  takeFrame,
  takeRefusal,
  takeView,
  type Store,
} from './store.ts'
import type { ClientView } from './view.ts'
import { createWatched } from './watched.ts'

/** Live printers: `start`, `watch`, and read `state()` whenever `subscribe` calls. */
export interface RelayClient {
  start(): void
  /** Ends everything quietly; `start` begins anew with what is known. */
  stop(): void
  /**
   * Frames of this printer are wanted from now on, and it is shown by `state()`; its events are
   * followed too, unless `events` is false.
   */
  watch(id: PrinterId, options?: { readonly events?: boolean }): { unwatch(): void }
  /** All that may be seen, by REST. Throws `RequestError` or `SignInRequiredError`. */
  printers(): Promise<PrinterList>
  /** Temperatures of a range by REST, the last half hour if none is said. Throws as `printers`. */
  history(id: PrinterId, wish?: HistoryWish): Promise<HistoryAnswer>
  /** A page of print records by REST, newest first. Throws as `printers`. */
  prints(id: PrinterId, before?: number): Promise<PrintPage>
  /** Calls for each event of what is followed, once and in order, from the first page on. */
  onEvent(listener: (event: LoggedEvent) => void): () => void
  /** Calls after each change; returns how to end that. */
  subscribe(listener: (view: ClientView) => void): () => void
  state(): ClientView
  /** The relay's clock, ms since 1970, by what it told: ages are counted against it. */
  relayNow(): number | undefined
  /** Whether anybody looks. After a minute unseen the subscriptions end until seen again. */
  setVisible(visible: boolean): void
  /** The network came back or the machine woke: try at once instead of waiting. */
  hurry(): void
}

/** The relay's clock went on without ours by more than this, ms: no drift and no delay does that. */
const clockJump = 10_000

export const createRelayClient = (deps: ClientDeps): RelayClient => {
  const { clock } = deps
  const rest = createRest(deps)
  const watched = createWatched()
  const followed = createWatched()
  /** The relay was asked for these, and would have told a state if it had one. */
  const answered = new Set<PrinterId>()
  /** Subscribed to for sure by the present link. */
  const served = new Set<PrinterId>()
  let store: Store = emptyStore
  let session: Session = newSession
  /** Whether the link was asked for anything when last looked at. */
  let asking = false

  const isBeyond = (id: PrinterId) => watched.ids().indexOf(id) >= limits.subscriptions
  const whileAwake = (ids: readonly PrinterId[]) => (attention.asleep() ? [] : ids)
  /** What the link carries: those watched the longest, so that none is moved to and fro. */
  const carried = () => whileAwake(watched.ids().slice(0, limits.subscriptions))
  const beyond = () => whileAwake(watched.ids().slice(limits.subscriptions))
  const isOver = () => session.phase.at === 'ended' || session.phase.at === 'stopped'
  const isRefused = (id: PrinterId) => entryOf(store, id).refused !== undefined
  const relayTime = () => relayNow(store.relayClock, clock.monotonic())

  /** The store moved on: badges first, they are part of what is shown. */
  const changed = (next: Store) => {
    const before = store
    store = next
    badges.look()
    shown.emit()
    events.look()
    shown.tellNews(before)
  }
  const takeViews = (views: readonly PrinterView[]) => {
    for (const { id, state } of views) if (!state) answered.add(id)
    const readmitted = views.some(({ id }) => isRefused(id))
    changed(views.reduce((next, view) => takeView(next, view, clock.monotonic()), store))
    if (readmitted) life.reconcile()
  }
  /** What no further request can change: of one printer, or of all. */
  const failed = (error: unknown, id: PrinterId | undefined) => {
    const why = refusalOfAll(error)
    if (why !== undefined) life.step({ type: 'refused', why })
    const code = refusalOfPrinter(error)
    if (id !== undefined && code !== undefined) changed(takeRefusal(store, id, code))
  }

  const factsOf = (id: PrinterId): BadgeFacts => {
    const { replica, standing, online } = entryOf(store, id)
    return {
      ...fallback.factsOf(id),
      known: replica.held !== undefined,
      subscribed: answered.has(id),
      // What REST tells must not pass for what a link brings that has been silent for too long.
      served: served.has(id) && isFresh(health.silentFor(), timeOuts.silenceWatched),
      online,
      age: ageOf(store, id, clock.monotonic()),
      interval: standing?.interval,
    }
  }
  const badges = createBadges({
    clock,
    ids: () => watched.ids(),
    ticks: () => session.phase.at !== 'stopped',
    factsOf,
    changed: () => shown.emit(),
  })
  const shown = createShown({
    store: () => store,
    session: () => session,
    watched: () => watched.ids(),
    badge: (id) => badges.shown(id),
    answered: (id) => answered.has(id),
  })
  const health = createLinkHealth({ clock, late: () => fallback.look() })
  const fallback = createFallback({
    ...deps,
    ...{ rest, health, carried, beyond, isBeyond, isRefused, failed },
    looking: () => attention.looking() && !isOver(),
    answered: takeViews,
    back: () => life.hurry(),
  })
  const events = createEventPager({
    ...deps,
    rest,
    ids: () => {
      const ids = isOver() ? [] : whileAwake(watched.ids())
      return ids.filter((id) => followed.ids().includes(id) && !isRefused(id))
    },
    cursor: (id) => entryOf(store, id).events.cursor,
    head: (id) => entryOf(store, id).ev,
    took: (id, page, after) => changed(takeEvents(store, id, page, after)),
    failed: (id, error) => failed(error, id),
  })

  const onFrame = (frame: RelayToViewer) => {
    health.heard()
    if (frame.type === 'subscribed') {
      answered.add(frame.printerId)
      if (carried().includes(frame.printerId)) served.add(frame.printerId)
    }
    const believed = relayTime()
    changed(takeFrame(store, frame, clock.monotonic()))
    // A sleep that hid from the sleep watch.
    if (believed !== undefined && (relayTime() ?? 0) - believed > clockJump) attention.woken()
    // No state frame follows that would tell of an event that was lost.
    if (frame.type === 'presence' && !frame.online) events.check(frame.printerId)
  }
  const onSession = (next: Session) => {
    session = next
    health.moved(next.phase)
    if (next.phase.at !== 'open') served.clear()
    fallback.look()
    badges.look()
    shown.emit()
    events.look()
  }
  const life = createLife({
    ...deps,
    rest,
    wanted: carried,
    isWaiting: (id) => entryOf(store, id).replica.waiting !== undefined,
    isAsleep: (id) => needsRaising(store, id, clock.monotonic()),
    cursor: (id) => entryOf(store, id).events.cursor,
    expectedSilence: () => expectedSilence(store, carried()),
    relayNow: () => relayTime() ?? clock.now(),
    frame: onFrame,
    unreadable: () => {
      health.unreadable()
      changed(countUnreadable(store))
    },
    refused: (id, code) => changed(takeRefusal(store, id, code)),
    changed: onSession,
  })
  /** What is wanted has changed. */
  const rearrange = () => {
    const ids = carried()
    for (const id of served) if (!ids.includes(id)) served.delete(id)
    life.reconcile()
    if (!asking && ids.length > 0) health.asked()
    asking = ids.length > 0
    fallback.look()
    events.look()
    badges.look()
    shown.emit()
  }
  const hurry = () => {
    life.hurry()
    fallback.look()
  }
  const attention = createAttention({
    ...{ clock, hurry },
    slept: (asleep) => {
      life.sleep(asleep)
      rearrange()
    },
    doubtClock: () => {
      store = { ...store, relayClock: undefined }
      badges.look()
    },
    lookAround: () => {
      for (const id of carried()) fallback.once(id)
      hurry()
    },
  })
  return {
    start: () => {
      health.start()
      attention.start()
      life.step({ type: 'start' })
      for (const id of carried()) if (!entryOf(store, id).about) fallback.once(id)
    },
    stop: () => {
      life.step({ type: 'stop' })
      for (const part of [attention, health, fallback, events, badges]) part.stop()
    },
    watch: (id, { events: follow = true } = {}) => {
      const remove = watched.add(id)
      const unfollow = follow ? followed.add(id) : () => {}
      // REST knows its name, and the relay's clock, which an old snapshot alone cannot tell.
      if (!entryOf(store, id).about && !isOver()) fallback.once(id)
      rearrange()
      return {
        unwatch: () => {
          remove()
          unfollow()
          rearrange()
        },
      }
    },
    printers: async () => {
      const list = await rest.printers()
      fallback.listed(list.printers)
      return list
    },
    history: (id, wish = {}) => rest.history(id, wish),
    prints: (id, before) => rest.prints(id, before === undefined ? {} : { before }),
    onEvent: (listener) => shown.onEvent(listener),
    subscribe: (listener) => shown.subscribe(listener),
    state: () => shown.state(),
    relayNow: relayTime,
    setVisible: (visible) => attention.setVisible(visible),
    hurry,
  }
}
