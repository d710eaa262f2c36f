import type { PrinterId } from '../protocol/ids.ts'
import type { PrinterView } from '../protocol/rest.ts'
import type { BadgeFacts } from './badge.ts'
import type { ClientDeps } from './deps.ts'
import type { LinkHealth } from './link-health.ts'
import { createLister, listPace } from './lister.ts'
import { createPoller, pollPace } from './poller.ts'
import type { Rest } from './rest.ts'

export interface FallbackDeps extends Pick<ClientDeps, 'clock' | 'random'> {
  readonly rest: Pick<Rest, 'printer' | 'printers'>
  readonly health: Pick<LinkHealth, 'isLate' | 'isReplaced' | 'link' | 'downFor'>
  /** Whether somebody looks; else nothing is asked for. */
  readonly looking: () => boolean
  /** What the link carries, and what it cannot carry too. */
  readonly carried: () => readonly PrinterId[]
  readonly beyond: () => readonly PrinterId[]
  readonly isBeyond: (id: PrinterId) => boolean
  readonly isRefused: (id: PrinterId) => boolean
  /** The relay answered with these; with none: nothing has changed. */
  readonly answered: (views: readonly PrinterView[]) => void
  /** The relay answers again after it did not. */
  readonly back: () => void
  /** A request failed: for one printer, or for the list of all. */
  readonly failed: (error: unknown, id: PrinterId | undefined) => void
}

/** The way by REST: in the link's place while it does not serve, and for what is beyond it. */
export interface Fallback {
  /** What there is to ask for may have changed. */
  look(): void
  /** One whole answer for this printer, soon: also the relay's clock, which no 304 tells. */
  once(id: PrinterId): void
  /** A list came that was asked for elsewhere. */
  listed(views: readonly PrinterView[]): void
  /** How a printer's data comes, as far as link and REST decide it. */
  factsOf(id: PrinterId): Pick<BadgeFacts, 'link' | 'downFor' | 'polledFor' | 'pollEvery'>
  stop(): void
}

export const createFallback = (deps: FallbackDeps): Fallback => {
  const { clock, random, rest, health, looking, carried, beyond } = deps
  const polledAt = new Map<PrinterId, number>()
  const listedAt = new Map<PrinterId, number>()
  let restFailed = false

  const poller = createPoller({
    ...{ clock, random, rest },
    ids: () => (looking() && health.isReplaced() ? carried() : []),
    answered: (id, view) => {
      // No need to wait the backoff out. Not while the socket alone is barred.
      if (restFailed) deps.back()
      restFailed = false
      polledAt.set(id, clock.monotonic())
      deps.answered(view ? [view] : [])
    },
    failed: (id, error) => {
      restFailed = health.isLate()
      deps.failed(error, id)
    },
  })
  const listed = (views: readonly PrinterView[]) => {
    for (const { id } of views) listedAt.set(id, clock.monotonic())
    deps.answered(views)
  }
  const lister = createLister({
    ...{ clock, random, rest },
    due: () => looking() && beyond().length > 0,
    answered: ({ printers }) => {
      listed(printers)
      const there = new Set(printers.map(({ id }) => id))
      // It alone is asked for, so that the relay says why it is missing.
      for (const id of beyond()) if (!there.has(id) && !deps.isRefused(id)) poller.once(id)
    },
    failed: (error) => deps.failed(error, undefined),
  })
  const since = (at: number | undefined) => (at === undefined ? undefined : clock.monotonic() - at)
  const beyondTheLink = (id: PrinterId) => ({
    link: health.link() === 'ended' ? ('ended' as const) : ('down' as const),
    downFor: lister.failingFor(),
    polledFor: since(listedAt.get(id) ?? polledAt.get(id)),
    pollEvery: listPace,
  })
  return {
    look: () => {
      poller.look()
      lister.look()
    },
    once: (id) => poller.once(id),
    listed,
    factsOf: (id) =>
      deps.isBeyond(id)
        ? beyondTheLink(id)
        : {
            link: health.link(),
            downFor: health.downFor(),
            polledFor: since(polledAt.get(id)),
            pollEvery: pollPace,
          },
    stop: () => {
      poller.stop()
      lister.stop()
    },
  }
}
