import type { Cursor, Item, Table } from './table.ts'

/** Every item of a partition under a prefix, page by page. */
export const everyItem = async (table: Table, pk: string, prefix: string): Promise<Item[]> => {
  const found: Item[] = []
  let after: Cursor | undefined
  do {
    const page = await table.query({ pk, prefix, ...(after && { after }) })
    found.push(...page.items)
    after = page.after
  } while (after)
  return found
}
