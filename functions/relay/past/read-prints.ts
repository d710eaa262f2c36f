import type { PrintPage, PrintRecord } from '../../../protocol/rest-prints.ts'
import type { View } from '../../../protocol/view.ts'
import { readHead } from './append-events.ts'
import { expired } from '../table/expiry.ts'
import { whileGranted } from '../people/while-granted.ts'
import { printInView } from '../watching/in-view.ts'
import { printItemSchema } from './keep-prints.ts'
import { printKey, printPartition } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { openPrintOf } from './print-fold.ts'
import { parseItem, unlessDamaged } from '../table/read-item.ts'
import type { Item } from '../table/table.ts'

export interface PrintWish {
  /** Only prints below this number; undefined: the newest. */
  readonly before: number | undefined
  readonly limit: number
}

/**
 * A page of print records, newest first. What the log's newest event says of prints is laid over
 * them: its handler may have died before it wrote the record, and the next append heals that.
 */
export const readPrints = async (
  ports: Ports,
  principal: string,
  printerId: string,
  wish: PrintWish,
): Promise<PrintPage> =>
  whileGranted(ports, principal, printerId, ({ view }) => printsOf(ports, printerId, view, wish))

const printsOf = async (
  ports: Ports,
  printerId: string,
  view: View,
  { before, limit }: PrintWish,
): Promise<PrintPage> => {
  const { due } = await readHead(ports, printerId)
  const page = await ports.directory.query({
    ...{ pk: printPartition(printerId), newestFirst: true, limit },
    ...(before !== undefined && { after: printKey(printerId, before) }),
  })
  const stored = page.items.flatMap((item) => recordOf(ports, item))
  const last = page.items.at(-1)
  const least = page.after && last ? Number(last.sk) : -1
  const shown = due.filter(({ n }) => n > least && (before === undefined || n < before))
  const records = overlaid(stored, shown)
  const prints = records.slice(0, limit).map((record) => printInView(view, record))
  const lowest = prints.at(-1)?.n ?? (least > 0 ? least : undefined)
  const more = records.length > limit || page.after !== undefined
  return { prints, ...(more && lowest !== undefined && { before: lowest }), now: ports.now() }
}

const recordOf = (ports: Ports, item: Item): PrintRecord[] => {
  const parsed = unlessDamaged(ports, () => parseItem(printItemSchema, item))
  if (!parsed || expired(parsed, ports.now())) return []
  const record = openPrintOf(parsed.record)
  return record ? [record] : []
}

const overlaid = (stored: readonly PrintRecord[], due: readonly PrintRecord[]): PrintRecord[] => {
  const byNumber = new Map(stored.map((record) => [record.n, record]))
  for (const record of due)
    if ((byNumber.get(record.n)?.outcome ?? 'running') === 'running') byNumber.set(record.n, record)
  return [...byNumber.values()].sort((a, b) => b.n - a.n)
}
