import { TableError } from './table-error.ts'
import type { Change, Item, Key, Path, Query, Value } from './table.ts'

/** DynamoDB's range of numbers and depth of nesting; source: its service quotas. */
const smallestNumber = 1e-130
const largestNumber = 9.9999999999999999e125
const deepest = 32
const longestPk = 2048
const longestSk = 1024

const invalid = (what: string): never => {
  throw new TableError('invalid', what)
}

/** A frozen deep copy, so that no caller shares a value with the store; refuses what no table holds. */
export function frozenValue(value: Value, where: string, depth = 0): Value {
  if (depth > deepest) invalid(`${where} is nested deeper than ${deepest} levels`)
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return storableNumber(value, where)
    case 'object':
      return value === null ? invalid(`${where} is null`) : frozenNested(value, where, depth)
    default:
      return invalid(`${where} is ${typeof value}: leave an unknown attribute out`)
  }
}

function frozenNested(
  value: readonly Value[] | { [name: string]: Value },
  where: string,
  depth: number,
) {
  if (Array.isArray(value)) {
    const list = value as readonly Value[]
    return Object.freeze(list.map((entry, i) => frozenValue(entry, `${where}[${i}]`, depth + 1)))
  }
  // The SDK and JavaScript's own copying lose it; ids of people become names, so it can be tried.
  if (Object.hasOwn(value, '__proto__')) invalid(`${where} has a name that can't be kept`)
  return Object.freeze(
    Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [
        name,
        frozenValue(entry, `${where}.${name}`, depth + 1),
      ]),
    ),
  )
}

function storableNumber(value: number, where: string): number {
  const size = Math.abs(value)
  if (size === 0) return 0
  if (!(size >= smallestNumber && size <= largestNumber)) {
    invalid(`${where} is ${value}: a table holds numbers from 1e-130 to 9.99e125`)
  }
  return value
}

/** A frozen copy of an item, its keys checked. */
export function frozenItem(item: Item): Item {
  checkKey(item)
  return frozenValue(item, 'item') as Item
}

/** Refuses a key that no table holds. */
export function checkKey({ pk, sk }: Key): void {
  checkKeyPart('pk', pk, longestPk)
  checkKeyPart('sk', sk, longestSk)
}

function checkKeyPart(name: string, value: unknown, longest: number): void {
  if (typeof value !== 'string' || value === '') invalid(`${name} must be a string with content`)
  else if (Buffer.byteLength(value) > longest) invalid(`${name} is longer than ${longest} bytes`)
}

/** Refuses a change of the keys, of one path twice, or of an attribute and an entry of it. */
export function checkChange({ set = [], remove = [], add = [] }: Change): void {
  const paths = [...[...set, ...add].map(([path]) => path), ...remove].map(steps)
  paths.forEach(([attribute, entry], i) => {
    if (attribute === '__proto__' || entry === '__proto__') invalid("a name that can't be kept")
    if (attribute === 'pk' || attribute === 'sk') invalid(`${attribute} is the key: never changed`)
    const overlaps = paths.some(
      ([other, otherEntry], j) =>
        j > i &&
        other === attribute &&
        (entry === undefined || otherEntry === undefined || entry === otherEntry),
    )
    if (overlaps) invalid(`the change names ${attribute} twice`)
  })
}

/** Refuses a query with both a prefix and a start, or with a limit below one. */
export function checkQuery({ pk, prefix, from, limit }: Query): void {
  checkKeyPart('pk', pk, longestPk)
  if (prefix !== undefined && from !== undefined) invalid('a query takes a prefix or a start')
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1)) {
    invalid(`a query takes a limit from 1 on, not ${limit}`)
  }
}

/** A path as its attribute and, for an entry of a map, the name of the entry. */
export const steps = (path: Path): readonly [string, string?] =>
  typeof path === 'string' ? [path] : path
