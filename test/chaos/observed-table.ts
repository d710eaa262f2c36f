import type { Deletion, Item, Key, Outcome, Table } from '../../functions/relay/table/table.ts'

const happened = (answer: Outcome | Deletion): boolean =>
  answer === 'done' || (typeof answer === 'object' && answer.outcome === 'done')

/** A table that tells of every write that happened, with what was there before. */
export const observed = (
  table: Table,
  wrote: (before: Item | undefined, after: Item | undefined) => void,
): Table => {
  const around = async <T extends Outcome | Deletion>(
    key: Key,
    write: () => Promise<T>,
  ): Promise<T> => {
    const before = await table.get(key)
    const answer = await write()
    if (happened(answer)) wrote(before, await table.get(key))
    return answer
  }
  return {
    ...table,
    put: (item, when) => around(item, () => table.put(item, when)),
    update: (key, change, when) => around(key, () => table.update(key, change, when)),
    delete: (key, when) => around(key, () => table.delete(key, when)),
  }
}
