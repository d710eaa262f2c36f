import { limits } from '../protocol/limits.ts'
import type { PrinterId } from '../protocol/ids.ts'
import type { LoggedEvent } from '../protocol/printer-event.ts'
import type { RelayToViewer } from '../protocol/relay-to-viewer.ts'
import type { HistoryAnswer } from '../protocol/rest-history.ts'
import type { PrintPage } from '../protocol/rest-prints.ts'
import type { PrinterList, PrinterView } from '../protocol/rest.ts'
import { timeOuts } from '../protocol/time-outs.ts'
import { isFresh, type BadgeFacts } from './badge.ts'
import { createBadges } from './badges.ts'
import type { ClientDeps } from './deps.ts'
import { refusalOfAll, refusalOfPrinter } from './errors.ts'
import { newsBetween } from './event-list.ts'
import { createEventPager } from './event-pager.ts'
import { createLife } from './life.ts'
import type { Entry } from './entry.ts'
import { createLister, listPace } from './lister.ts'
import { createPoller, pollPace } from './poller.ts'
import { relayNow } from './relay-clock.ts'
import { createRest, type HistoryWish } from './rest.ts'
import { newSession, type Session } from './session.ts'
import { tooMuch, watchForSleep } from './sleep-watch.ts'
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
import { createSights } from './sights.ts'
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

/** A hidden page keeps its subscriptions so long, ms (design §8). */
const hiddenGrace = 60_000
/** A link that is back within this, ms, is not replaced by REST. */
const restAfter = 2_000
/** A second frame that does not parse within this, ms, shows that syncing does not help. */
const unreadableWindow = 60_000

export const createRelayClient = (deps: ClientDeps): RelayClient => {
  const { clock } = deps
  const rest = createRest(deps)
  const watched = createWatched()
  const followed = createWatched()
  const listeners = new Set<(view: ClientView) => void>()
  const eventListeners = new Set<(event: LoggedEvent) => void>()
  const polledAt = new Map<PrinterId, number>()
  const listedAt = new Map<PrinterId, number>()
  const answered = new Set<PrinterId>()
  /** Subscribed to for sure by the present link. */
  const served = new Set<PrinterId>()
  let store: Store = emptyStore
  let session: Session = newSession
  let view: ClientView | undefined
  /** Since when no link brings anything. */
  let downSince = clock.monotonic()
  /** Whether the present link brought a frame: an open socket alone proves nothing. */
  let brought = false
  /** Whether anything was wanted when last looked at: else a link has nothing to bring. */
  let wanting = false
  /** When the link brought its last frame. */
  let heardAt = -Infinity
  let lookedAroundAt = -Infinity
  let unreadableAt: number | undefined
  let restUntil = -Infinity
  let restFailed = false
  let hidden = false
  let asleep = false
  let cancelSleep = () => {}
  let cancelRest = () => {}
  let cancelWatch = () => {}

  /** What the link carries: those watched the longest, so that none is moved to and fro. */
  const wanted = () => (asleep ? [] : watched.ids().slice(0, limits.subscriptions))
  /** What it cannot carry too, which comes by lists. */
  const beyond = () => (asleep ? [] : watched.ids().slice(limits.subscriptions))
  const relayTime = () => relayNow(store.relayClock, clock.monotonic())
  const ageOf = (standing: Entry['standing']) => {
    const relay = relayTime()
    return standing && relay !== undefined ? relay - standing.relayAt : undefined
  }
  const emit = () => {
    view = undefined
    const present = state()
    for (const listener of listeners) listener(present)
  }
  /** The store moved on: badges first, they are part of what is shown. */
  const changed = (next: Store) => {
    const before = store
    store = next
    badges.look()
    emit()
    events.look()
    for (const id of Object.keys(next.printers))
      for (const event of newsBetween(entryOf(before, id).events, entryOf(next, id).events))
        for (const listener of eventListeners) listener(event)
  }

  const sights = createSights()
  const state = (): ClientView => (view ??= makeView())
  const makeView = (): ClientView => {
    const ids = new Set([...Object.keys(store.printers), ...watched.ids()])
    const { phase } = session
    const sight = (id: PrinterId) =>
      sights.of(id, entryOf(store, id), badges.shown(id), answered.has(id))
    return {
      link: { phase: phase.at, why: phase.at === 'ended' ? phase.why : undefined },
      printers: Object.fromEntries([...ids].map((id) => [id, sight(id)])),
      counted: store.counted,
    }
  }

  // --- Badges
  const linkOf = (): BadgeFacts['link'] => {
    if (session.phase.at === 'open') return 'open'
    // Before the start too it is on its way: a page must not open with "the relay cannot be reached".
    return session.phase.at === 'ended' ? 'ended' : 'down'
  }
  const since = (at: number | undefined) => (at === undefined ? undefined : clock.monotonic() - at)
  const onTheLink = (id: PrinterId) => ({
    link: linkOf() === 'open' && (viaRest() || linkIsLate()) ? ('down' as const) : linkOf(),
    downFor: clock.monotonic() - downSince,
    polledFor: since(polledAt.get(id)),
    pollEvery: pollPace,
  })
  const beyondTheLink = (id: PrinterId) => ({
    link: linkOf() === 'ended' ? ('ended' as const) : ('down' as const),
    downFor: lister.failingFor(),
    polledFor: since(listedAt.get(id) ?? polledAt.get(id)),
    pollEvery: listPace,
  })
  const factsOf = (id: PrinterId): BadgeFacts => {
    const { replica, standing, online } = entryOf(store, id)
    const now = clock.monotonic()
    return {
      ...(watched.ids().indexOf(id) >= limits.subscriptions ? beyondTheLink(id) : onTheLink(id)),
      known: replica.held !== undefined,
      subscribed: answered.has(id),
      // What REST tells must not pass for what a link brings that has been silent for too long.
      served: served.has(id) && isFresh(now - heardAt, timeOuts.silenceWatched),
      online,
      age: ageOf(standing),
      interval: standing?.interval,
    }
  }
  const badges = createBadges({
    clock,
    ids: () => watched.ids(),
    ticks: () => session.phase.at !== 'stopped',
    factsOf,
    changed: emit,
  })

  // --- REST, while the socket cannot be had or brings what cannot be read
  const viaRest = () => clock.monotonic() < restUntil
  const isOver = () => session.phase.at === 'ended' || session.phase.at === 'stopped'
  const linkIsLate = () => !brought && !isOver() && clock.monotonic() - downSince >= restAfter
  const mayPoll = () => !hidden && !asleep && (linkIsLate() || (viaRest() && linkOf() === 'open'))
  const took = (id: PrinterId, printer: PrinterView | undefined) => {
    // The relay is back: no need to wait the backoff out. Not while the socket alone is barred.
    if (restFailed) life.hurry()
    restFailed = false
    polledAt.set(id, clock.monotonic())
    if (printer && !printer.state) answered.add(id)
    const readmitted = printer !== undefined && entryOf(store, id).refused !== undefined
    changed(printer ? takeView(store, printer, clock.monotonic()) : store)
    if (readmitted) life.reconcile()
  }
  const pollFailed = (id: PrinterId, error: unknown) => {
    restFailed = linkIsLate()
    refusedBy(id, error)
  }
  const endedBy = (error: unknown) => {
    const why = refusalOfAll(error)
    if (why !== undefined) life.step({ type: 'refused', why })
  }
  /** What no further request for this printer can change. */
  const refusedBy = (id: PrinterId, error: unknown) => {
    endedBy(error)
    const code = refusalOfPrinter(error)
    if (code !== undefined) changed(takeRefusal(store, id, code))
  }
  const poller = createPoller({
    ...deps,
    rest,
    ids: () => (mayPoll() ? wanted() : []),
    answered: took,
    failed: pollFailed,
  })

  const tookList = ({ printers }: PrinterList) => {
    const at = clock.monotonic()
    for (const { id, state: known } of printers) {
      listedAt.set(id, at)
      if (!known) answered.add(id)
    }
    const readmitted = printers.some(({ id }) => entryOf(store, id).refused !== undefined)
    changed(printers.reduce((next, printer) => takeView(next, printer, at), store))
    if (readmitted) life.reconcile()
  }
  const lister = createLister({
    ...deps,
    rest,
    due: () => !hidden && !isOver() && beyond().length > 0,
    answered: (list) => {
      tookList(list)
      const listed = new Set(list.printers.map(({ id }) => id))
      // It alone is asked for, so that the relay says why it is missing.
      for (const id of beyond())
        if (!listed.has(id) && entryOf(store, id).refused === undefined) poller.once(id)
    },
    failed: endedBy,
  })

  // --- Events that the socket did not bring
  const events = createEventPager({
    ...deps,
    rest,
    ids: () => {
      const ids = isOver() ? [] : [...wanted(), ...beyond()]
      return ids.filter(
        (id) => followed.ids().includes(id) && entryOf(store, id).refused === undefined,
      )
    },
    cursor: (id) => entryOf(store, id).events.cursor,
    head: (id) => entryOf(store, id).ev,
    took: (id, page, after) => changed(takeEvents(store, id, page, after)),
    failed: (id, error) => refusedBy(id, error),
  })

  // --- The link
  const onFrame = (frame: RelayToViewer) => {
    heardAt = clock.monotonic()
    brought = true
    if (frame.type === 'subscribed') {
      answered.add(frame.printerId)
      if (wanted().includes(frame.printerId)) served.add(frame.printerId)
    }
    const believed = relayTime()
    changed(takeFrame(store, frame, clock.monotonic()))
    // The relay's clock went on without ours: a sleep that hid from the sleep watch.
    if (believed !== undefined && (relayTime() ?? 0) - believed > tooMuch) lookAround()
    // No state frame follows that would tell of an event that was lost.
    if (frame.type === 'presence' && !frame.online) events.check(frame.printerId)
  }
  const onUnreadable = () => {
    const now = clock.monotonic()
    if (unreadableAt !== undefined && now - unreadableAt < unreadableWindow) {
      restUntil = now + unreadableWindow
      poller.look()
    }
    unreadableAt = now
    changed(countUnreadable(store))
  }
  /** Of an idle agent too no longer than of a watched one: whoever looks has raised it. */
  const expectedSilence = () => {
    const intervals = wanted()
      .map((id) => entryOf(store, id))
      .flatMap(({ online, standing }) => (online && standing ? [standing.interval] : []))
      .map((interval) => Math.min(interval, timeOuts.silenceWatched))
    return intervals.length > 0 ? Math.min(...intervals) : undefined
  }
  const onSession = (next: Session) => {
    session = next
    if (brought) downSince = clock.monotonic()
    brought = false
    if (next.phase.at === 'open') {
      unreadableAt = undefined
      restUntil = -Infinity
    } else {
      served.clear()
    }
    planRest()
    lister.look()
    badges.look()
    emit()
    events.look()
  }
  /** Looks again when a link that brought nothing yet is late. */
  const planRest = () => {
    cancelRest()
    if (brought || isOver()) return
    cancelRest = clock.after(Math.max(0, downSince + restAfter - clock.monotonic()), poller.look)
  }
  const life = createLife({
    ...deps,
    rest,
    wanted,
    isWaiting: (id) => entryOf(store, id).replica.waiting !== undefined,
    isAsleep: (id) => {
      const { online, standing } = entryOf(store, id)
      return online && (standing?.mode === 'idle' || !isFresh(ageOf(standing), standing?.interval))
    },
    cursor: (id) => entryOf(store, id).events.cursor,
    expectedSilence,
    relayNow: () => relayTime() ?? clock.now(),
    frame: onFrame,
    unreadable: onUnreadable,
    refused: (id, code) => changed(takeRefusal(store, id, code)),
    changed: onSession,
  })

  const rearrange = () => {
    const ids = wanted()
    for (const id of served) if (!ids.includes(id)) served.delete(id)
    life.reconcile()
    // A link that was asked for nothing yet is not late.
    if (!wanting && ids.length > 0 && session.phase.at === 'open' && !brought) {
      downSince = clock.monotonic()
      planRest()
    }
    wanting = ids.length > 0
    poller.look()
    lister.look()
    events.look()
    badges.look()
    emit()
  }
  const sleep = (now: boolean) => {
    cancelSleep()
    if (asleep === now) return
    asleep = now
    life.sleep(now)
    rearrange()
  }
  const hurry = () => {
    life.hurry()
    poller.look()
    lister.look()
  }
  /** The monotonic clock may have stood still: what was learnt of the relay's would make old data young. */
  const woke = () => {
    store = { ...store, relayClock: undefined }
    badges.look()
    lookedAroundAt = -Infinity
    lookAround()
  }
  /** Once for all frames that waited for the machine to wake. */
  const lookAround = () => {
    if (asleep) return
    const now = clock.monotonic()
    if (now - lookedAroundAt < tooMuch) return
    lookedAroundAt = now
    for (const id of wanted()) poller.once(id)
    hurry()
  }
  return {
    start: () => {
      downSince = clock.monotonic()
      cancelWatch()
      cancelWatch = watchForSleep(clock, woke)
      life.step({ type: 'start' })
      for (const id of wanted()) if (!entryOf(store, id).about) poller.once(id)
    },
    stop: () => {
      life.step({ type: 'stop' })
      for (const cancel of [cancelSleep, cancelRest, cancelWatch]) cancel()
      poller.stop()
      lister.stop()
      events.stop()
      badges.stop()
    },
    watch: (id, { events: follow = true } = {}) => {
      const remove = watched.add(id)
      const unfollow = follow ? followed.add(id) : () => {}
      // REST knows its name, and the relay's clock, which an old snapshot alone cannot tell.
      if (!entryOf(store, id).about && !isOver()) poller.once(id)
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
      tookList(list)
      return list
    },
    history: (id, wish = {}) => rest.history(id, wish),
    prints: (id, before) => rest.prints(id, before === undefined ? {} : { before }),
    onEvent: (listener) => {
      eventListeners.add(listener)
      return () => eventListeners.delete(listener)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    state,
    relayNow: relayTime,
    setVisible: (visible) => {
      hidden = !visible
      cancelSleep()
      if (hidden) cancelSleep = clock.after(hiddenGrace, () => sleep(true))
      else {
        sleep(false)
        hurry()
      }
    },
    hurry,
  }
}
