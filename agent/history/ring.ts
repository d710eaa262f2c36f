import type { HistoryChunk } from '../../protocol/history-chunk.ts'
import { encodeColumn, tenthsOf } from '../../protocol/history-codec.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'

/** Between two samples of a chunk, ms; readings come every 2 s while watched, every 5 s else. */
export const sampleStep = 2000
/** Samples of a whole chunk: five minutes. */
export const chunkLength = 150
/** Columns of a chunk: actual and target of eight heaters, so that it fits a frame beside a state. */
export const mostColumns = 16
/** Whole chunks that wait for the relay; the oldest go first. Two hours. */
export const mostWaiting = 24
/** A pause in the readings that is longer (ms) ends the chunk: nobody knows what was between. */
const longestHold = 15_000

interface Chunk {
  readonly number: number
  /** Of the first sample, monotonic ms. */
  readonly begin: number
  readonly fields: readonly string[]
  /** Tenths of a degree, a row a sample. */
  readonly rows: (readonly number[])[]
}

/** Which chunk went out, and how much of it. */
export interface SentChunk {
  readonly chunk: number
  readonly length: number
}

/**
 * The temperatures of this process start in chunks of five minutes. A sample is the first reading
 * of its step: readings that come oftener are thinned, rarer ones held.
 */
export class HistoryRing {
  #running: Chunk | undefined
  #waiting: readonly Chunk[] = []
  #number = 0
  #readAt = -Infinity

  /** A reading was taken at `at` (monotonic ms). */
  take({ temperature }: PrinterState, at: number): void {
    const fields = fieldsOf(temperature)
    if (this.#running && (at - this.#readAt > longestHold || !isSame(this.#running.fields, fields)))
      this.#seal()
    this.#readAt = at
    if (fields.length === 0) return
    const row = fields.map((field) => tenthsOf(temperature[field] ?? 0))
    this.#fill(fields, row, at)
  }

  /** The chunk that should go out: whole ones first, then the running one. */
  next(at: number): HistoryChunk | undefined {
    const chunk = this.#waiting[0] ?? this.#running
    return chunk && coded(chunk, at)
  }

  /** Chunks that are whole and that the relay may not have. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** The relay answered the frame that carried it. */
  stored({ chunk, length }: SentChunk): void {
    this.#waiting = this.#waiting.filter(
      ({ number, rows }) => number !== chunk || rows.length > length,
    )
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
    if (chunk && chunk.rows.length > 0)
      this.#waiting = [...this.#waiting, chunk].slice(-mostWaiting)
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

const coded = ({ number, begin, fields, rows }: Chunk, at: number): HistoryChunk => ({
  chunk: number,
  age: Math.max(0, Math.floor(at - begin)),
  step: sampleStep,
  length: rows.length,
  columns: Object.fromEntries(
    fields.map((field, n) => [field, encodeColumn(rows.map((row) => row[n] ?? 0))]),
  ),
})
