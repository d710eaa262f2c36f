import type { MemoryTable } from '../../functions/relay/memory-table.ts'
import type { Item, Key, Table } from '../../functions/relay/table.ts'

/** A table that tells of every write that happened, with what was there before. */
export const observed = (
  table: MemoryTable,
  wrote: (before: Item | undefined, after: Item | undefined) => void,
): Table => {
  const around = async <T>(key: Key, write: () => Promise<T>): Promise<T> => {
    const before = await table.get(key)
    const answer = await write()
    const after = await table.get(key)
    if (after !== before) wrote(before, after)
    return answer
  }
  return {
    ...table,
    put: (item, when) => around(item, () => table.put(item, when)),
    update: (key, change, when) => around(key, () => table.update(key, change, when)),
    delete: (key, when) => around(key, () => table.delete(key, when)),
  }
}
