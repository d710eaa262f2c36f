import * as z from 'zod/mini'
import { historyChunkSchema } from '../../../protocol/history-chunk.ts'
import { decodeColumn } from '../../../protocol/history-codec.ts'
import { instanceSchema, millisecondsSchema } from '../../../protocol/ids.ts'
import { limits } from '../../../protocol/limits.ts'
import type { HistoryAnswer } from '../../../protocol/rest-history.ts'
import { DamagedItemError, RelayError } from '../errors.ts'
import { expired, keptFor } from '../table/expiry.ts'
import { whileGranted } from '../people/while-granted.ts'
import { bucketed, bucketsIn, gridOf, type DecodedChunk } from './history-buckets.ts'
import { historyFrom, historyPartition } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { jsonOf, parseItem, unlessDamaged } from '../table/read-item.ts'
import type { Cursor, Item } from '../table/table.ts'

/** What is asked for: ms since 1970, and the width of a bucket in ms. Undefined: a default. */
export interface HistoryWish {
  readonly from: number | undefined
  readonly to: number | undefined
  readonly resolution: number | undefined
}

export const historyItemSchema = z.object({
  inst: instanceSchema,
  chunk: historyChunkSchema.shape.chunk,
  t0: millisecondsSchema,
  step: historyChunkSchema.shape.step,
  length: historyChunkSchema.shape.length,
  /** As JSON. */
  columns: z.string(),
  expiresAt: z.number(),
})

const defaultSpan = 30 * 60_000
/** No chunk lasts longer, ms; the agent's last five minutes. */
const longestChunk = 60 * 60_000
const itemsAtOnce = 250
/** Widths to choose from, ms, so that a range has some hundred buckets. */
const widths = [1, 2, 5, 10, 30, 60, 300, 600, 1800, 3600].map((seconds) => seconds * 1000)
const wantedBuckets = 400

/** Temperatures of a range in buckets (design §6), and up to when they are known. */
export const readHistory = async (
  ports: Ports,
  principal: string,
  printerId: string,
  wish: HistoryWish,
): Promise<HistoryAnswer> =>
  whileGranted(ports, principal, printerId, () => historyOf(ports, printerId, wish))

const historyOf = async (
  ports: Ports,
  printerId: string,
  wish: HistoryWish,
): Promise<HistoryAnswer> => {
  const now = ports.now()
  const grid = gridWished(wish, now)
  const chunks = await chunksIn(ports, printerId, grid.from, grid.to)
  const ends = chunks
    .map(({ t0, step, length }) => t0 + length * step)
    .filter((at) => at > grid.from)
  const covered = ends.length > 0 ? Math.min(Math.max(...ends), grid.to) : undefined
  return { ...grid, ...bucketed(chunks, grid), ...(covered !== undefined && { covered }), now }
}

const gridWished = ({ from, to = Infinity, resolution }: HistoryWish, now: number) => {
  const until = Math.min(to, now)
  const since = Math.max(from ?? until - defaultSpan, now - keptFor.history, 0)
  const span = Math.max(until - since, 1)
  const width = resolution ?? widths.find((one) => span / one <= wantedBuckets) ?? 3_600_000
  const grid = gridOf(since, Math.max(until, since + 1), width)
  if (bucketsIn(grid) <= limits.historyBuckets) return grid
  throw new RelayError(
    'bad_request',
    `More than ${limits.historyBuckets} buckets: ask for a shorter range or a wider resolution.`,
  )
}

/** The chunks that reach into a range, each once and at its longest. */
const chunksIn = async (
  ports: Ports,
  printerId: string,
  from: number,
  to: number,
): Promise<DecodedChunk[]> => {
  const longest = new Map<string, z.infer<typeof historyItemSchema>>()
  for (const item of await itemsIn(ports, printerId, from - longestChunk, to)) {
    const stored = unlessDamaged(ports, () => parseItem(historyItemSchema, item))
    if (!stored || expired(stored, ports.now())) continue
    // The relay works `t0` out anew for each delivery, so a chunk can lie on two shelves.
    const id = `${stored.inst}#${stored.chunk}`
    if (stored.length > (longest.get(id)?.length ?? 0)) longest.set(id, stored)
  }
  return [...longest.values()]
    .filter(({ t0, step, length }) => t0 < to && t0 + length * step > from)
    .flatMap((stored) => unlessDamaged(ports, () => decoded(printerId, stored)) ?? [])
}

const itemsIn = async (ports: Ports, printerId: string, from: number, to: number) => {
  const pk = historyPartition(printerId)
  const beyond = historyFrom(to + longestChunk)
  const found: Item[] = []
  let after: Cursor | undefined
  do {
    const query = { pk, from: historyFrom(from), limit: itemsAtOnce, ...(after && { after }) }
    const page = await ports.directory.query(query)
    found.push(...page.items)
    after = page.after && page.after.sk < beyond ? page.after : undefined
  } while (after)
  return found
}

const decoded = (
  printerId: string,
  { t0, step, length, columns }: z.infer<typeof historyItemSchema>,
): DecodedChunk => {
  const parsed = historyChunkSchema.shape.columns.safeParse(jsonOf(columns))
  const entries = Object.entries(parsed.success ? parsed.data : {}).flatMap(([field, pairs]) => {
    const values = decodeColumn(pairs, length)
    return values ? [[field, values] as const] : []
  })
  if (!parsed.success) throw new DamagedItemError({ pk: printerId, sk: 'history' }, 'columns')
  return { t0, step, length, columns: Object.fromEntries(entries) }
}
