import type { HistoryChunk } from '../../protocol/history-chunk.ts'
import { encodeColumn, tenthsOf } from '../../protocol/history-codec.ts'
import type { Instance } from '../../protocol/ids.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import type { Shelf } from './shelf.ts'
import type { SentChunk, WaitingChunk } from './waiting-chunk.ts'

/** Between two samples of a chunk, ms; readings come every 2 s while watched, every 5 s else. */
export const sampleStep = 2000
/** Samples of a whole chunk: five minutes. */
export const chunkLength = 150
/** Columns of a chunk: actual and target of eight heaters, so that it fits a frame beside a state. */
const mostColumns = 16
/** Whole chunks that wait for the relay; the oldest go first. A day. */
export const mostWaiting = 288
/**
 * A pause in the readings that is longer (ms) ends the chunk: nobody knows what was between. Readings
 * that are configured to come rarely are no pause.
 */
export const longestHold = (intervals: Readonly<Record<string, number>>): number =>
  Math.max(15_000, 3 * Math.max(...Object.values(intervals)))

interface Chunk {
  readonly number: number
  /** Of the first sample, monotonic ms. */
  readonly begin: number
  readonly fields: readonly string[]
  /** Tenths of a degree, a row a sample. */
  readonly rows: (readonly number[])[]
}

export interface RingDeps {
  /** This process start. */
  readonly instance: Instance
  /** The clock on the wall (ms since 1970) at a monotonic time, as far as it is known now. */
  readonly wallAt: (at: number) => number
  readonly shelf: Shelf
  /** How long (ms) a reading stands for what follows it. */
  readonly longestHold: number
}

/** One that waits; `begin` is undefined where an earlier start took it. */
interface Waiting {
  readonly kept: WaitingChunk
  readonly begin: number | undefined
}

/**
 * Temperatures in chunks of five minutes, and those that an earlier start could not deliver. A
 * sample is the first reading of its step: readings that come oftener are thinned, rarer ones held.
 */
export class HistoryRing {
  readonly #deps: RingDeps
  #running: Chunk | undefined
  #waiting: readonly Waiting[]
  #number = 0
  #readAt = -Infinity

  constructor(deps: RingDeps) {
    this.#deps = deps
    const left = deps.shelf.left.slice(-mostWaiting)
    this.#waiting = left.map((kept) => ({ kept, begin: undefined }))
  }

  /** A reading was taken at `at` (monotonic ms). */
  take({ temperature }: PrinterState, at: number): void {
    const fields = fieldsOf(temperature)
    if (
      this.#running &&
      (at - this.#readAt > this.#deps.longestHold || !isSame(this.#running.fields, fields))
    )
      this.#seal()
    this.#readAt = at
    if (fields.length === 0) return
    const row = fields.map((field) => tenthsOf(temperature[field] ?? 0))
    this.#fill(fields, row, at)
  }

  /** The chunk that should go out: whole ones first, then the running one. */
  next(at: number): HistoryChunk | undefined {
    const first = this.#placeable(at)[0]
    if (first) return this.#sent(first, at)
    return this.#running && { ...coded(this.#running), age: ageOf(at - this.#running.begin) }
  }

  /** Whole chunks that may go out at `at` (monotonic ms) and that the relay may not have. */
  waiting(at: number): number {
    return this.#placeable(at).length
  }

  /** The agent stops: what was taken waits for the next start. */
  stop(): void {
    this.#seal()
    this.#deps.shelf.stop()
  }

  /** The relay answered the frame that carried it. */
  stored({ inst = this.#deps.instance, chunk, length }: SentChunk): void {
    const rest = this.#waiting.filter(
      ({ kept }) => kept.inst !== inst || kept.chunk !== chunk || kept.length > length,
    )
    if (rest.length === this.#waiting.length) return
    this.#waiting = rest
    this.#deps.shelf.removed(rest.map(({ kept }) => kept))
  }

  /**
   * One of an earlier start waits until the wall clock can be right: before it says that the chunk
   * is over, it would be told to a wrong time.
   */
  #placeable(at: number): readonly Waiting[] {
    const wall = this.#deps.wallAt(at)
    return this.#waiting.filter(
      ({ kept, begin }) => begin !== undefined || wall - kept.wall >= kept.length * kept.step,
    )
  }

  #sent({ kept: { inst, wall, ...chunk }, begin }: Waiting, at: number): HistoryChunk {
    return begin === undefined
      ? { ...chunk, inst, age: ageOf(this.#deps.wallAt(at) - wall) }
      : { ...chunk, age: ageOf(at - begin) }
  }

  #fill(fields: readonly string[], row: readonly number[], at: number): void {
    let chunk = this.#running ?? this.#begin(fields, at)
    const held = chunk.rows.at(-1) ?? row
    let place = Math.floor((at - chunk.begin) / sampleStep)
    // The next chunk takes up where this one is full, so that the two join without a hole.
    while (place >= chunkLength) {
      hold(chunk.rows, held, chunkLength)
      this.#seal()
      chunk = this.#begin(fields, chunk.begin + chunkLength * sampleStep)
      place -= chunkLength
    }
    hold(chunk.rows, held, place)
    // The first reading of a step stays: what may have been sent is never changed.
    if (chunk.rows.length === place) chunk.rows.push(row)
  }

  #begin(fields: readonly string[], begin: number): Chunk {
    this.#running = { number: this.#number++, begin, fields, rows: [] }
    return this.#running
  }

  #seal(): void {
    const chunk = this.#running
    this.#running = undefined
    if (!chunk || chunk.rows.length === 0) return
    const { instance, wallAt, shelf } = this.#deps
    const { begin } = chunk
    const kept = { inst: instance, ...coded(chunk), wall: wallAt(begin) }
    this.#waiting = [...this.#waiting, { kept, begin }].slice(-mostWaiting)
    shelf.added(
      kept,
      this.#waiting.map((one) => one.kept),
    )
  }
}

const hold = (rows: (readonly number[])[], held: readonly number[], length: number): void => {
  while (rows.length < length) rows.push(held)
}

const fieldsOf = (temperature: PrinterState['temperature']): string[] =>
  Object.keys(temperature)
    .filter((field) => !field.endsWith('.offset'))
    .slice(0, mostColumns)

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((field, n) => field === others[n])

const ageOf = (ms: number): number => Math.max(0, Math.floor(ms))

const coded = ({ number, fields, rows }: Chunk) => ({
  chunk: number,
  step: sampleStep,
  length: rows.length,
  columns: Object.fromEntries(
    fields.map((field, n) => [field, encodeColumn(rows.map((row) => row[n] ?? 0))]),
  ),
})
