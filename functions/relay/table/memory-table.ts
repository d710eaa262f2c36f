import { aliveIndex } from './alive-index.ts'
import type { Condition } from './condition.ts'
import { holds, isMap, valueAt } from './holds.ts'
import { TableError } from './table-error.ts'
import type {
  Change,
  Deletion,
  Item,
  Key,
  Outcome,
  Page,
  Path,
  Query,
  Table,
  Value,
} from './table.ts'
import { compareUtf8 } from './utf8-order.ts'
import { checkChange, checkKey, checkQuery, frozenItem, frozenValue, steps } from './value.ts'

export interface MemoryTable extends Table {
  /** Everything there is, by `pk` and `sk`: for looking at invariants, not for use cases. */
  items(): Item[]
}

/**
 * The table in memory, exact in what DynamoDB decides (conditions, order, outcomes) and without its
 * limits of size. What it gives out is frozen and is never what it was given.
 */
export function memoryTable(): MemoryTable {
  const partitions = new Map<string, Partition>()
  const partition = (pk: string): Partition => partitions.get(pk) ?? emptyPartition
  const found = ({ pk, sk }: Key): Item | undefined => partition(pk).bySk.get(sk)
  const allowed = (key: Key, when: Condition | undefined): boolean =>
    when === undefined || holds(when, found(key))

  const store = (item: Item): Outcome => {
    checkAlive(item)
    const held = partitions.get(item.pk) ?? newPartition()
    partitions.set(item.pk, held)
    if (!held.bySk.has(item.sk)) held.sks.splice(firstAtLeast(held.sks, item.sk), 0, item.sk)
    held.bySk.set(item.sk, item)
    return 'done'
  }

  const drop = ({ pk, sk }: Key): void => {
    const held = partition(pk)
    held.bySk.delete(sk)
    held.sks.splice(firstAtLeast(held.sks, sk), 1)
    if (held.sks.length === 0) partitions.delete(pk)
  }

  const items = (): Item[] =>
    [...partitions.keys()].sort(compareUtf8).flatMap((pk) => inOrder(partition(pk)))

  return {
    async get(key) {
      checkKey(key)
      return found(key)
    },
    async put(item, when) {
      const copy = frozenItem(item)
      return allowed(item, when) ? store(copy) : 'refused'
    },
    async update(key, change, when) {
      checkKey(key)
      checkChange(change)
      return allowed(key, when) ? store(changed(found(key) ?? key, change)) : 'refused'
    },
    async delete(key, when): Promise<Deletion> {
      checkKey(key)
      const was = found(key)
      if (!allowed(key, when)) return { outcome: 'refused' }
      if (was === undefined) return { outcome: 'absent' }
      drop(key)
      return { outcome: 'done', was }
    },
    async query(query) {
      checkQuery(query)
      return pageOf(partition(query.pk), query)
    },
    async alive() {
      const keys = items()
        .filter((item) => item[aliveIndex.attribute] !== undefined)
        .map(({ pk, sk }) => ({ pk, sk }))
      return { keys, after: undefined }
    },
    items,
  }
}

interface Partition {
  readonly bySk: Map<string, Item>
  /** Every `sk` in the order of its UTF-8 bytes. */
  readonly sks: string[]
}

const newPartition = (): Partition => ({ bySk: new Map(), sks: [] })
const emptyPartition: Partition = Object.freeze(newPartition())

const inOrder = ({ bySk, sks }: Partition): Item[] => sks.flatMap((sk) => bySk.get(sk) ?? [])

/** The place of the first `sk` that is not below the given one. */
function firstAtLeast(sks: readonly string[], sk: string): number {
  let low = 0
  let high = sks.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareUtf8(sks[middle] ?? '', sk) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function pageOf(partition: Partition, query: Query): Page {
  const { prefix = '', from = prefix, newestFirst = false, limit = Infinity, after } = query
  const sks = partition.sks.slice(firstAtLeast(partition.sks, from))
  const within = sks.filter((sk) => sk.startsWith(prefix))
  if (newestFirst) within.reverse()
  const direction = newestFirst ? -1 : 1
  const left = after ? within.filter((sk) => compareUtf8(sk, after.sk) * direction > 0) : within
  const page = left.slice(0, limit)
  const last = page.at(-1)
  const more = last !== undefined && page.length < left.length
  return {
    items: page.flatMap((sk) => partition.bySk.get(sk) ?? []),
    after: more ? { pk: query.pk, sk: last } : undefined,
  }
}

function changed(item: Key | Item, { set = [], remove = [], add = [] }: Change): Item {
  const next: Record<string, Value> & Key = { ...item }
  for (const [path, more] of add) assign(next, path, sum(valueAt(next, path), more, path))
  for (const [path, value] of set) assign(next, path, frozenValue(value, String(path)))
  for (const path of remove) assign(next, path, undefined)
  return Object.freeze(next)
}

function sum(held: Value | undefined, more: number, path: Path): Value {
  if (typeof held !== 'number') throw new TableError('invalid', `${String(path)} is no number`)
  return frozenValue(held + more, String(path))
}

function assign(item: Record<string, Value>, path: Path, value: Value | undefined): void {
  const [attribute, entry] = steps(path)
  if (entry === undefined) return assignEntry(item, attribute, value)
  const map = Object.hasOwn(item, attribute) ? item[attribute] : undefined
  if (!isMap(map)) {
    throw new TableError('invalid', `${attribute} is no map, so ${entry} can't be changed in it`)
  }
  const next = { ...map }
  assignEntry(next, entry, value)
  item[attribute] = Object.freeze(next)
}

function assignEntry(map: Record<string, Value>, name: string, value: Value | undefined): void {
  if (value === undefined) delete map[name]
  else map[name] = value
}

function checkAlive(item: Item): void {
  const alive = item[aliveIndex.attribute]
  if (alive !== undefined && (typeof alive !== 'string' || alive === '')) {
    throw new TableError('invalid', `${aliveIndex.attribute} is the key of an index: a string`)
  }
}
