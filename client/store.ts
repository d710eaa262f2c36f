import type { ErrorCodeName } from '../protocol/error-codes.ts'
import type { PrinterId } from '../protocol/ids.ts'
import type { RelayToViewer } from '../protocol/relay-to-viewer.ts'
import type { EventPage } from '../protocol/rest-events.ts'
import type { PrinterView } from '../protocol/rest.ts'
import { takeEvent, takeNewest, takePage } from './event-list.ts'
import type { StateFrame } from '../protocol/state-frame.ts'
import { emptyEntry, takePresence, takeState, type Entry } from './entry.ts'
import { learn, type RelayClock } from './relay-clock.ts'

/** All that the relay told, by socket or REST; one value, replaced by each frame. */
export interface Store {
  readonly printers: Readonly<Record<PrinterId, Entry>>
  readonly relayClock: RelayClock | undefined
  readonly counted: Counted
}

export interface Counted {
  readonly frames: number
  /** Frames that did not fit their schema. */
  readonly unreadable: number
}

export const emptyStore: Store = {
  printers: {},
  relayClock: undefined,
  counted: { frames: 0, unreadable: 0 },
}

type FrameOf<Type extends RelayToViewer['type']> = Extract<RelayToViewer, { type: Type }>
type Reducers = {
  readonly [Type in RelayToViewer['type']]: (
    store: Store,
    frame: FrameOf<Type>,
    monotonic: number,
  ) => Store
}

export const entryOf = (store: Store, id: PrinterId): Entry =>
  Object.hasOwn(store.printers, id) ? (store.printers[id] ?? emptyEntry) : emptyEntry

export const withEntry = (store: Store, id: PrinterId, change: (entry: Entry) => Entry): Store => ({
  ...store,
  printers: { ...store.printers, [id]: change(entryOf(store, id)) },
})

const atLeast = (ev: number) => (entry: Entry) => ({ ...entry, ev: Math.max(entry.ev, ev) })
const nothing = (store: Store) => store

/** A row for every frame of `relayToViewer`; a frame without one does not compile. */
const reducers: Reducers = {
  state: (store, frame, monotonic) => ({
    ...withEntry(store, frame.printerId, (entry) => takeState(entry, frame)),
    relayClock: taught(store.relayClock, frame, monotonic),
  }),
  presence: (store, frame) => withEntry(store, frame.printerId, (e) => takePresence(e, frame)),
  subscribed: (store, { printerId, head, now }, monotonic) => ({
    ...withEntry(store, printerId, (entry) => ({ ...atLeast(head)(entry), refused: undefined })),
    relayClock: learn(store.relayClock, now, monotonic),
  }),
  event: (store, { printerId, n, at, body }) =>
    withEntry(store, printerId, (entry) => ({
      ...atLeast(n)(entry),
      events: takeEvent(entry.events, { printerId, n, at, body }),
    })),
  // A machine whose monotonic clock stood still while its wall clock was set back sees no sleep.
  pong: (store, { now }, monotonic) => ({
    ...store,
    relayClock: learn(store.relayClock, now, monotonic),
  }),
  // Only the link knows whether a refusal was overtaken (`takeRefusal`), the rest is the session's.
  error: nothing,
  renewed: nothing,
  closing: nothing,
}

/** The stamp of a snapshot is as old as what was stored: alone it would make any state young. */
const taught = (known: RelayClock | undefined, frame: StateFrame, monotonic: number) =>
  frame.kind === 'snapshot' ? known : learn(known, frame.relayAt, monotonic)

/** Takes in one frame that arrived at `monotonic` (ms). */
export const takeFrame = (store: Store, frame: RelayToViewer, monotonic: number): Store => {
  const reduce = reducers[frame.type] as (s: Store, f: RelayToViewer, m: number) => Store
  const counted = { ...store.counted, frames: store.counted.frames + 1 }
  return { ...reduce(store, frame, monotonic), counted }
}

/** Takes in what REST told of a printer: the same store, and nothing older than what it holds. */
export const takeView = (store: Store, view: PrinterView, monotonic: number): Store => {
  const { id, name, site, role, state, now } = view
  const next = withEntry(store, id, (entry) => {
    const known = { ...entry, about: { name, site, role }, refused: undefined }
    return state
      ? takeState(known, { type: 'state', kind: 'snapshot', printerId: id, ...state })
      : known
  })
  return { ...next, relayClock: learn(store.relayClock, now, monotonic) }
}

/** Takes in that a printer cannot be watched. */
export const takeRefusal = (store: Store, id: PrinterId, refused: ErrorCodeName): Store =>
  withEntry(store, id, (entry) => ({ ...entry, refused }))

export const countUnreadable = (store: Store): Store => ({
  ...store,
  counted: { ...store.counted, unreadable: store.counted.unreadable + 1 },
})

/** Takes in a page of events, asked for from a cursor; undefined: the newest. */
export const takeEvents = (
  store: Store,
  id: PrinterId,
  page: EventPage,
  after: number | undefined,
): Store =>
  withEntry(store, id, (entry) => ({
    ...atLeast(page.head)(entry),
    events: after === undefined ? takeNewest(entry.events, page) : takePage(entry.events, page),
  }))
