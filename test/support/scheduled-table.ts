import type { Key, Table } from '../../functions/relay/table/table.ts'

export interface Step {
  /** The call is about to reach the table, or its answer is about to reach the caller. */
  readonly when: 'before' | 'after'
  readonly call: keyof Table
  /** What it is about; the partition alone for a query, nothing for the index. */
  readonly key: Partial<Key>
}

/**
 * Decides when a step happens by when it resolves. A step that never resolves is a crash: before
 * the call nothing was written, after it the write stands and the caller is gone.
 */
export interface Scheduler {
  turn(step: Step): Promise<void>
}

/** A table whose every call waits for its turn before and after: for checking interleavings. */
export function scheduled(table: Table, scheduler: Scheduler): Table {
  const inTurn = async <T>(call: keyof Table, key: Partial<Key>, run: () => Promise<T>) => {
    const { pk, sk } = key
    const about = { ...(pk !== undefined && { pk }), ...(sk !== undefined && { sk }) }
    await scheduler.turn({ when: 'before', call, key: about })
    const answer = await settled(run)
    await scheduler.turn({ when: 'after', call, key: about })
    return answer()
  }
  return {
    get: (key) => inTurn('get', key, () => table.get(key)),
    put: (item, when) => inTurn('put', item, () => table.put(item, when)),
    update: (key, change, when) => inTurn('update', key, () => table.update(key, change, when)),
    delete: (key, when) => inTurn('delete', key, () => table.delete(key, when)),
    query: (query) => inTurn('query', { pk: query.pk }, () => table.query(query)),
    alive: (after) => inTurn('alive', {}, () => table.alive(after)),
  }
}

/** A failure too is told only in its turn. */
async function settled<T>(run: () => Promise<T>): Promise<() => T> {
  try {
    const value = await run()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}
