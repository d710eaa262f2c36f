import type { HighWater } from '../protocol/printer-event.ts'
import type { HistoryRing } from './history/ring.ts'
import type { SentChunk } from './history/waiting-chunk.ts'
import type { Outbox } from './outbox/outbox.ts'
import { noCargo, type Cargo } from './publisher/cargo.ts'

/** Events and history, which outlive every connection. */
export interface CargoHold {
  /** What waits at `at` (monotonic ms). */
  cargo(at: number): Cargo
  /** The events of the cargo go out now. */
  offered(): void
  /** The relay told its marks; see Outbox. */
  heard(hwm: HighWater, askedAt: number | undefined): void
  stored(chunk: SentChunk): void
}

export const emptyHold: CargoHold = {
  cargo: () => noCargo,
  offered: () => {},
  heard: () => {},
  stored: () => {},
}

export const cargoHold = (outbox: Outbox, ring: HistoryRing): CargoHold => ({
  cargo: (at) => ({
    events: outbox.batch(at),
    history: () => ring.next(at),
    waiting: ring.waiting(at),
  }),
  offered: () => outbox.offered(),
  heard: (hwm, askedAt) => outbox.heard(hwm, askedAt),
  stored: (chunk) => ring.stored(chunk),
})
