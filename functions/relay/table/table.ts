import type { Condition } from './condition.ts'

/**
 * One DynamoDB table as the use cases see it: single-item conditional writes and consistent reads
 * of one partition, nothing else (no transactions, no scans). Two implementations keep one
 * contract (test/contracts/table.ts): `memory-table.ts` and `aws/dynamo-table.ts`.
 */
export interface Table {
  /** The item, read consistently; `undefined` when there is none. */
  get(key: Key): Promise<Item | undefined>
  /** Replaces the whole item, if the condition holds for what is there now. */
  put(item: Item, when?: Condition): Promise<Outcome>
  /**
   * Sets and removes attributes, if the condition holds. Makes the item when there is none, so a
   * change that must not make one says `present('pk')`.
   */
  update(key: Key, change: Change, when?: Condition): Promise<Outcome>
  /** Deletes the item, if the condition holds. Answers what it was; deleting nothing is `absent`. */
  delete(key: Key, when?: Condition): Promise<Deletion>
  /** One page of a partition, read consistently, in the order of `sk` (UTF-8 bytes). */
  query(query: Query): Promise<Page>
  /** One page of the sparse `alive` index: keys only, eventually consistent, may hold phantoms. */
  alive(after?: Cursor): Promise<{ keys: Key[]; after: Cursor | undefined }>
}

export interface Key {
  readonly pk: string
  readonly sk: string
}

/** What an attribute can hold: no null and no binary; absent means unknown. */
export type Value =
  string | number | boolean | readonly Value[] | { readonly [name: string]: Value }
export type Item = Key & Readonly<Record<string, Value>>

/** `refused`: the condition did not hold, and nothing was written. */
export type Outcome = 'done' | 'refused'
export type Deletion =
  { outcome: 'done'; was: Item } | { outcome: 'absent' } | { outcome: 'refused' }

/** An attribute, or one entry of a map attribute (the map must be there already). */
export type Path = string | readonly [attribute: string, entry: string]

export interface Change {
  readonly set?: ReadonlyArray<readonly [Path, Value]>
  readonly remove?: readonly Path[]
  /** Adds to a number that must be there already: the condition sees to that. */
  readonly add?: ReadonlyArray<readonly [Path, number]>
}

export interface Query {
  readonly pk: string
  /** Only items whose `sk` begins so. */
  readonly prefix?: string
  /** Only items whose `sk` is at least this (after `prefix`, which must then be absent). */
  readonly from?: string
  /** Falling order of `sk`. */
  readonly newestFirst?: boolean
  /** At most so many items a page. */
  readonly limit?: number
  /** Where the page before ended. */
  readonly after?: Cursor
}

export type Cursor = Key
export interface Page {
  readonly items: Item[]
  /** Present when there may be more. A page may be empty and still have it. */
  readonly after: Cursor | undefined
}
