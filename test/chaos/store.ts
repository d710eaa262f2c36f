import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import type { Item, Table } from '../../functions/relay/table/table.ts'

/** The two tables of one run, under everything that goes wrong on the way to them. */
export interface Store {
  readonly live: Table
  readonly directory: Table
  /** All that is stored at last, by `pk` and `sk`. */
  contents(): Promise<Readonly<Record<'live' | 'directory', readonly Item[]>>>
}

/** Awaits what takes real time, while virtual time stands still. */
export type Outside = <T>(work: () => Promise<T>) => Promise<T>

/** Makes the empty store of one run. */
export type MakeStore = (outside: Outside) => Promise<Store>

export const memoryStore: MakeStore = async () => {
  const [live, directory] = [memoryTable(), memoryTable()]
  const contents = async () => ({ live: live.items(), directory: directory.items() })
  return { live, directory, contents }
}
