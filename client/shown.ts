import type { PrinterId } from '../protocol/ids.ts'
import type { LoggedEvent } from '../protocol/printer-event.ts'
import type { Badge } from './badge.ts'
import { newsBetween } from './event-list.ts'
import type { Session } from './session.ts'
import { createSights } from './sights.ts'
import { entryOf, type Store } from './store.ts'
import type { ClientView } from './view.ts'

export interface ShownDeps {
  readonly store: () => Store
  readonly session: () => Session
  readonly watched: () => readonly PrinterId[]
  readonly badge: (id: PrinterId) => Badge
  /** Whether the relay was asked for its state. */
  readonly answered: (id: PrinterId) => boolean
}

/** What is shown, and who is told of it. */
export interface Shown {
  state(): ClientView
  /** Something of it changed. */
  emit(): void
  /** Tells of the events that are news against an earlier store. */
  tellNews(before: Store): void
  subscribe(listener: (view: ClientView) => void): () => void
  onEvent(listener: (event: LoggedEvent) => void): () => void
}

export const createShown = ({ store, session, watched, badge, answered }: ShownDeps): Shown => {
  const sights = createSights()
  const listeners = new Set<(view: ClientView) => void>()
  const eventListeners = new Set<(event: LoggedEvent) => void>()
  let view: ClientView | undefined

  const makeView = (): ClientView => {
    const ids = new Set([...Object.keys(store().printers), ...watched()])
    const { phase } = session()
    const sight = (id: PrinterId) => sights.of(id, entryOf(store(), id), badge(id), answered(id))
    return {
      link: { phase: phase.at, why: phase.at === 'ended' ? phase.why : undefined },
      printers: Object.fromEntries([...ids].map((id) => [id, sight(id)])),
      counted: store().counted,
    }
  }
  const state = () => (view ??= makeView())
  return {
    state,
    emit: () => {
      view = undefined
      const present = state()
      for (const listener of listeners) listener(present)
    },
    tellNews: (before) => {
      const after = store()
      for (const id of Object.keys(after.printers))
        for (const event of newsBetween(entryOf(before, id).events, entryOf(after, id).events))
          for (const listener of eventListeners) listener(event)
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onEvent: (listener) => {
      eventListeners.add(listener)
      return () => eventListeners.delete(listener)
    },
  }
}
