import type { HistoryChunk } from '../../protocol/history-chunk.ts'
import type { SentEvent } from '../../protocol/printer-event.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { Line } from './line.ts'

/** What waits to ride on a frame. */
export interface Cargo {
  /** The batch at the front of the outbox, its ages counted to now. */
  readonly events: readonly SentEvent[]
  /** The chunk of history that should go next. */
  readonly history: () => HistoryChunk | undefined
  /** Whole chunks that wait. */
  readonly waiting: number
}

export const noCargo: Cargo = { events: [], history: () => undefined, waiting: 0 }

/** Two batches are at least so far apart (ms), also when the relay confirms faster. */
const batchSpacing = 250
/** While watched, the running chunk goes out again so often (ms): that much a new viewer may lack. */
const historyEvery = 30_000
/** Between two chunks when several wait, as after an outage, ms. */
const backlogEvery = 10_000
/** A whole chunk goes with the next frame, but not more often (ms). */
const wholeEvery = 3000

/** When (monotonic ms) the events at the front must go out, or again, if any wait. */
export const eventsDueAt = ({ batch }: Line, { events }: Cargo): number | undefined => {
  const [first] = events
  if (!first) return undefined
  if (!batch) return -Infinity
  if (batch.src !== first.src || batch.m !== first.m) return batch.at + batchSpacing
  const repeats = timeOuts.requestRepeats
  return batch.at + (repeats[batch.tries - 1] ?? repeats[repeats.length - 1] ?? 0)
}

/** When several chunks wait, they don't wait for keepalives. */
export const backlogDueAt = (line: Line, { waiting }: Cargo): number | undefined =>
  waiting > 1 && line.key?.acknowledged === true && line.asks.length === 0
    ? line.historyAt + backlogEvery
    : undefined

/** Whether a frame that goes out now takes a chunk along. */
export const takesHistory = (
  line: Line,
  { waiting }: Cargo,
  { at, keepsAlive }: { at: number; keepsAlive: boolean },
): boolean => {
  // The first viewer draws its curves from what is stored: it gets the newest there is.
  if (line.owed?.urgent === true || keepsAlive) return true
  const since = at - line.historyAt
  if (waiting > 1 && since >= backlogEvery) return true
  // Status that changes all the time leaves no silence for a keepalive.
  if (line.attention.mode === 'idle') return since >= timeOuts.silenceIdlePrinting
  return since >= historyEvery || (waiting > 0 && since >= wholeEvery)
}
