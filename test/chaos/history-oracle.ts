import { historyItemSchema } from '../../functions/relay/past/read-history.ts'
import { parseItem } from '../../functions/relay/table/read-item.ts'
import type { Item } from '../../functions/relay/table/table.ts'
import { decodeLine } from '../../agent/disk/checked-line.ts'
import { waitingChunkSchema } from '../../agent/history/waiting-chunk.ts'
import type { HistoryChunk } from '../../protocol/history-chunk.ts'
import { decodeColumn } from '../../protocol/history-codec.ts'
import type { Connection } from './gateway.ts'
import type { Ground } from './ground.ts'

/** Tenths of a degree by field, each column of the same length. */
type Columns = Readonly<Record<string, readonly number[]>>

interface Frame {
  readonly action?: string
  readonly type?: string
  readonly instance?: string
  readonly seq?: number
  readonly history?: HistoryChunk
}

interface Carried {
  readonly chunk: string
  readonly length: number
}

/**
 * Watches the temperature history (design §11, property 12): what is stored of a chunk is what its
 * agent sent of it and never becomes less, and what the relay confirmed is stored. So the union of
 * what is stored is exact but for what was never confirmed: of a killed agent, its running chunk;
 * a whole one waits on its host's disk and is stored in the end.
 */
export class HistoryOracle {
  readonly #ground: Ground
  /** The process start behind each connection. */
  readonly #instances = new Map<string, string>()
  /** The longest that was sent of each chunk. */
  readonly #sent = new Map<string, Columns>()
  /** What a frame carried, by connection and seq. */
  readonly #carried = new Map<string, Carried>()
  /** The longest that is stored of each chunk, samples. */
  readonly #stored = new Map<string, number>()
  /** By host, the samples of each chunk that was ever on its disk. */
  readonly #whole = new Map<string, Map<string, number>>()
  confirmed = 0

  constructor(ground: Ground) {
    this.#ground = ground
  }

  frameLeft({ id, kind, principal }: Connection, text: string): void {
    if (kind !== 'agent') return
    const { action, instance, seq, history } = JSON.parse(text) as Frame
    if (action === 'hello' && instance !== undefined) this.#instances.set(id, instance)
    if (!history) return
    const printerId = principal.slice('agent:'.length)
    const chunk = `${printerId} ${history.inst ?? this.#instances.get(id)} ${history.chunk}`
    this.#carried.set(`${id} ${seq}`, { chunk, length: history.length })
    const columns = this.#decoded(`${id} sends`, history)
    const before = this.#sent.get(chunk)
    if (before && !isBeginningOf(before, columns))
      this.#ground.violated('a chunk that was sent only grows', chunk)
    this.#sent.set(chunk, columns)
  }

  /** A host's disk took these lines of whole chunks. */
  kept(host: string, printerId: string, text: string): void {
    const whole = this.#whole.get(host) ?? new Map<string, number>()
    this.#whole.set(host, whole)
    for (const { inst, chunk, length } of linesOf(text))
      whole.set(`${printerId} ${inst} ${chunk}`, length)
  }

  /** A whole chunk that a host once kept and that is neither stored nor on its disk. */
  lost(host: string, printerId: string, disk: string): string | undefined {
    const waits = new Set(linesOf(disk).map(({ inst, chunk }) => `${printerId} ${inst} ${chunk}`))
    for (const [chunk, length] of this.#whole.get(host) ?? [])
      if (!waits.has(chunk) && (this.#stored.get(chunk) ?? 0) < length) return chunk
    return undefined
  }

  wrote(before: Item | undefined, after: Item): void {
    const stored = parseItem(historyItemSchema, after)
    const chunk = `${after.pk.slice(2)} ${stored.inst} ${stored.chunk}`
    const columns = this.#decoded(chunk, {
      length: stored.length,
      columns: JSON.parse(stored.columns) as HistoryChunk['columns'],
    })
    const sent = this.#sent.get(chunk)
    if (!sent || !isBeginningOf(columns, sent))
      this.#ground.violated('the history stored is the history sent', chunk)
    if (before && Number(before['length']) >= stored.length)
      this.#ground.violated('a shorter chunk never replaces a longer', chunk)
    this.#stored.set(chunk, Math.max(this.#stored.get(chunk) ?? 0, stored.length))
  }

  posted({ id, kind }: Connection, text: string): void {
    if (kind !== 'agent') return
    const { type, seq } = JSON.parse(text) as Frame
    const carried = type === 'ack' ? this.#carried.get(`${id} ${seq}`) : undefined
    if (!carried) return
    this.confirmed++
    const stored = this.#stored.get(carried.chunk) ?? 0
    if (stored < carried.length)
      this.#ground.violated(
        'confirmed history is stored',
        `${carried.chunk}: ${stored} of ${carried.length} samples`,
      )
  }

  #decoded(where: string, { length, columns }: Pick<HistoryChunk, 'length' | 'columns'>): Columns {
    return Object.fromEntries(
      Object.entries(columns).map(([field, pairs]) => {
        const values = decodeColumn(pairs, length)
        if (!values)
          this.#ground.violated('history can be read', `${where}: ${field} of ${length} samples`)
        return [field, values ?? []]
      }),
    )
  }
}

const linesOf = (text: string) =>
  text.split('\n').flatMap((line) => {
    const parsed = waitingChunkSchema.safeParse(decodeLine(line))
    return parsed.success ? [parsed.data] : []
  })

const isBeginningOf = (some: Columns, all: Columns): boolean => {
  const fields = Object.keys(all)
  return (
    fields.length === Object.keys(some).length &&
    fields.every((field) => {
      const [short, long] = [some[field], all[field]]
      return short !== undefined && short.every((value, i) => value === long?.[i])
    })
  )
}
