import { limits } from '../../protocol/limits.ts'
import type { EventBody, HighWater, SentEvent } from '../../protocol/printer-event.ts'
import type { KeptEvent } from './record.ts'

/** Bytes of the events of one frame: beside them a whole state and a history chunk must fit. */
const batchBytes = 12_288

export interface QueueLimits {
  readonly events: number
  readonly bytes: number
}

/** An event of the queue; `at` is the monotonic time of one of this process start. */
export type Queued = KeptEvent & {
  readonly at: number | undefined
  readonly bytes: number
  /** It may be in the relay's log already, so it must stay as it is. */
  readonly offered: boolean
}

export const queued = (event: KeptEvent, at: number | undefined): Queued => ({
  ...event,
  at,
  bytes: Buffer.byteLength(JSON.stringify(event.body)),
  offered: false,
})

export const hasRoom = (queue: readonly Queued[], next: Queued, most: QueueLimits): boolean =>
  queue.length < most.events &&
  queue.reduce((sum, { bytes }) => sum + bytes, next.bytes) <= most.bytes

/** The last event, if it can count one more that was lost. */
export const gapAtEnd = (queue: readonly Queued[]) => {
  const last = queue.at(-1)
  return last?.body.type === 'events_lost' && !last.offered
    ? { ...last, count: last.body.count }
    : undefined
}

export const lostBody = (count: number): EventBody => ({ type: 'events_lost', count })

/**
 * The events at the front that go in one frame. All of one source: the relay forgets the marks of
 * all but the last 8, so a source must be confirmed before the next is offered.
 */
export const frontOf = (queue: readonly Queued[]): readonly Queued[] => {
  const [first] = queue
  if (!first) return []
  let bytes = 0
  let count = 0
  for (const event of queue) {
    bytes += event.bytes + 100
    if (event.src !== first.src || count === limits.eventsPerBatch) break
    if (count > 0 && bytes > batchBytes) break
    count++
  }
  return queue.slice(0, count)
}

/** How it goes out at `at` (monotonic) and `wall`; the wall clock counts for earlier starts only. */
export const sentOf = (event: Queued, at: number, wall: number): SentEvent => {
  const age = event.at === undefined ? wall - event.wall : at - event.at
  const { src, m, body } = event
  return { src, m, age: Math.max(0, Math.floor(age)), body }
}

/** Without what the relay has. */
export const withoutConfirmed = (queue: readonly Queued[], hwm: HighWater): readonly Queued[] =>
  queue.filter(({ src, m }) => m > markOf(hwm, src))

/** The source at the front whose confirmed events the relay does not have any more. */
export const forgottenSource = (queue: readonly Queued[], hwm: HighWater): string | undefined => {
  const [first] = queue
  return first && markOf(hwm, first.src) < first.m - 1 ? first.src : undefined
}

/** The same events, those of `from` above number `above` numbered anew under `to`. */
export const moved = (
  queue: readonly Queued[],
  { from, above }: Break,
  to: string,
): readonly Queued[] => {
  let m = 0
  return queue.map((event) =>
    event.src === from && event.m > above ? { ...event, src: to, m: ++m, offered: false } : event,
  )
}

/** The numbers of a source go on only up to here. */
export interface Break {
  readonly from: string
  readonly above: number
}

/** Where damage took events out of the middle of a source. */
export const breaksIn = (queue: readonly Queued[]): readonly Break[] => {
  const last = new Map<string, number>()
  const breaks = new Map<string, Break>()
  for (const { src, m } of queue) {
    const before = last.get(src)
    if (before !== undefined && m !== before + 1 && !breaks.has(src))
      breaks.set(src, { from: src, above: before })
    last.set(src, m)
  }
  return [...breaks.values()]
}

const markOf = (hwm: HighWater, src: string): number =>
  Object.hasOwn(hwm, src) ? (hwm[src] ?? 0) : 0
