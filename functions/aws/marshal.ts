import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { TableError } from '../relay/table/table-error.ts'
import type { Item, Key, Value } from '../relay/table/table.ts'

/** A value as DynamoDB writes it. The value must have passed `frozenValue`. */
export function toAttribute(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (Array.isArray(value)) return { L: (value as readonly Value[]).map(toAttribute) }
  return { M: toAttributes(value as Readonly<Record<string, Value>>) }
}

export const toAttributes = (
  map: Readonly<Record<string, Value>>,
): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, toAttribute(value)]))

export const toKey = ({ pk, sk }: Key): Record<string, AttributeValue> => ({
  pk: { S: pk },
  sk: { S: sk },
})

/** An item as it was written; refuses what this program never writes (null, binary, sets). */
export function toItem(attributes: Record<string, AttributeValue>): Item {
  return { ...fromAttributes(attributes), ...fromKey(attributes) }
}

export function fromKey({ pk, sk }: Record<string, AttributeValue>): Key {
  if (pk?.S === undefined || sk?.S === undefined) throw foreign('an item without pk and sk')
  return { pk: pk.S, sk: sk.S }
}

const fromAttributes = (map: Record<string, AttributeValue>): Record<string, Value> =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, fromAttribute(value)]))

function fromAttribute(attribute: AttributeValue): Value {
  if (attribute.S !== undefined) return attribute.S
  if (attribute.N !== undefined) return Number(attribute.N)
  if (attribute.BOOL !== undefined) return attribute.BOOL
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute)
  if (attribute.M !== undefined) return fromAttributes(attribute.M)
  throw foreign(`an attribute of type ${Object.keys(attribute).join()}`)
}

const foreign = (what: string): TableError =>
  new TableError('invalid', `The table holds ${what}, which FluxRelay never writes.`)
