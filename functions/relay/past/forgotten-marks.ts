import { limits } from '../../../protocol/limits.ts'
import { eventItemSchema, markOf, type Mark, type Marks } from './event-item.ts'
import { logPartition } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { parseItem, unlessDamaged } from '../table/read-item.ts'
import type { Cursor } from '../table/table.ts'

const itemsAtOnce = 250
/** So far back the log is searched, events: it takes nine sources to push one out. */
const pages = 4

/**
 * The mark of a source that the newest event does not name any more, from the log itself. Only where
 * other sources may have pushed it out: an agent that rested while many others came and went, and
 * comes back with an event whose answer it never got, would else tell it a second time.
 */
export const forgottenMark = async (
  ports: Ports,
  printerId: string,
  marks: Marks,
  src: string,
): Promise<Mark | undefined> => {
  const counted = marks.filter(({ m }) => typeof m === 'number')
  if (counted.length < limits.sources || markOf(marks, src) !== undefined) return undefined
  let after: Cursor | undefined
  for (let page = 0; page < pages; page++) {
    const { items, after: next } = await ports.directory.query({
      ...{ pk: logPartition(printerId), newestFirst: true, limit: itemsAtOnce },
      ...(after && { after }),
    })
    for (const item of items) {
      const event = unlessDamaged(ports, () => parseItem(eventItemSchema, item))
      if (event?.src === src) return event.m
    }
    if (!next) return undefined
    after = next
  }
  return undefined
}
