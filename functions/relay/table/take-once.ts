import { all, greater, present, type Condition } from './condition.ts'
import type { Item, Key, Table } from './table.ts'

/** Only the first of several takers deletes it. */
const unusedAndValid = (now: number): Condition => all(present('pk'), greater('until', now))

/**
 * Takes what can be used once, up to its `until` (ms since 1970), and answers it; `undefined` when
 * it is unknown, used or too old.
 */
export const takeOnce = async (table: Table, key: Key, now: number): Promise<Item | undefined> => {
  const deletion = await table.delete(key, unusedAndValid(now))
  return deletion.outcome === 'done' ? deletion.was : undefined
}
