import type { Condition } from './condition.ts'
import type { Item, Path, Value } from './table.ts'
import { compareUtf8 } from './utf8-order.ts'
import { steps } from './value.ts'

/** Whether a condition holds for an item, or for there being none, as DynamoDB would say. */
export function holds(condition: Condition, item: Item | undefined): boolean {
  switch (condition.kind) {
    case 'present':
      return valueAt(item, condition.path) !== undefined
    case 'absent':
      return valueAt(item, condition.path) === undefined
    case 'equal':
      return valueAt(item, condition.path) === condition.value
    case 'less':
      return compared(item, condition, (order) => order < 0)
    case 'greater':
      return compared(item, condition, (order) => order > 0)
    case 'atLeast':
      return compared(item, condition, (order) => order >= 0)
    case 'contains':
      return containsValue(valueAt(item, condition.path), condition.value)
    case 'sizeAbove':
      return sizeOf(valueAt(item, condition.path)) > condition.value
    case 'not':
      return !holds(condition.of, item)
    case 'all':
      return condition.of.every((one) => holds(one, item))
    case 'any':
      return condition.of.some((one) => holds(one, item))
    default:
      return condition satisfies never
  }
}

/** The value at a path; `undefined` where there is none, or no map to look into. */
export function valueAt(item: Item | undefined, path: Path): Value | undefined {
  const [attribute, entry] = steps(path)
  if (item === undefined || !Object.hasOwn(item, attribute)) return undefined
  const value = item[attribute]
  if (entry === undefined) return value
  return isMap(value) && Object.hasOwn(value, entry) ? value[entry] : undefined
}

export const isMap = (value: Value | undefined): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && !Array.isArray(value)

function compared(
  item: Item | undefined,
  { path, value }: { path: Path; value: string | number },
  accept: (order: number) => boolean,
): boolean {
  const held = valueAt(item, path)
  if (typeof held === 'number' && typeof value === 'number') return accept(held - value)
  if (typeof held === 'string' && typeof value === 'string') return accept(compareUtf8(held, value))
  return false
}

function containsValue(held: Value | undefined, value: string | number): boolean {
  return Array.isArray(held) && held.includes(value)
}

/** −1 where there is nothing to count, so that no comparison with a count holds. */
function sizeOf(held: Value | undefined): number {
  if (Array.isArray(held)) return held.length
  return isMap(held) ? Object.keys(held).length : -1
}
