import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Condition } from '../relay/condition.ts'
import type { Change, Path, Value } from '../relay/table.ts'
import { frozenValue, steps } from '../relay/value.ts'
import { toAttribute } from './marshal.ts'

/** The names and values that the expressions of one request share. */
export interface Placeholders {
  readonly names: Record<string, string>
  readonly values: Record<string, AttributeValue>
  name(name: string): string
  path(path: Path): string
  value(value: Value): string
}

export function placeholders(): Placeholders {
  const known = new Map<string, string>()
  const names: Record<string, string> = {}
  const values: Record<string, AttributeValue> = {}
  const name = (real: string): string => {
    const placeholder = known.get(real) ?? `#n${known.size}`
    known.set(real, placeholder)
    names[placeholder] = real
    return placeholder
  }
  return {
    names,
    values,
    name,
    path: (path) =>
      steps(path)
        .flatMap((step) => (step === undefined ? [] : name(step)))
        .join('.'),
    value: (value) => {
      const placeholder = `:v${Object.keys(values).length}`
      values[placeholder] = toAttribute(frozenValue(value, 'a value compared or set'))
      return placeholder
    },
  }
}

/** The parts of a request that DynamoDB refuses when they are there and empty. */
export const used = ({ names, values }: Placeholders) => ({
  ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
  ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
})

/** A condition as a ConditionExpression, each group in exactly one pair of parentheses. */
export function conditionExpression(condition: Condition, p: Placeholders): string {
  switch (condition.kind) {
    case 'present':
      return `attribute_exists(${p.path(condition.path)})`
    case 'absent':
      return `attribute_not_exists(${p.path(condition.path)})`
    case 'equal':
      return `${p.path(condition.path)} = ${p.value(condition.value)}`
    case 'less':
      return `${p.path(condition.path)} < ${p.value(condition.value)}`
    case 'greater':
      return `${p.path(condition.path)} > ${p.value(condition.value)}`
    case 'atLeast':
      return `${p.path(condition.path)} >= ${p.value(condition.value)}`
    case 'contains':
      return listContains(p.path(condition.path), p.value(condition.value), p)
    case 'sizeAbove':
      return `size(${p.path(condition.path)}) > ${p.value(condition.value)}`
    case 'not':
      return negated(condition.of, p)
    case 'all':
      return group(condition.of, 'AND', p)
    case 'any':
      return group(condition.of, 'OR', p)
    default:
      return condition satisfies never
  }
}

/** The grammar has no NOT after a NOT. */
function negated(of: Condition, p: Placeholders): string {
  const positive = conditionExpression(of, p)
  return positive.startsWith('NOT ') ? positive.slice('NOT '.length) : `NOT ${positive}`
}

/** DynamoDB's `contains` also finds a part of a string; ours speaks of lists only. */
const listContains = (path: string, value: string, p: Placeholders): string =>
  `(attribute_type(${path}, ${p.value('L')}) AND contains(${path}, ${value}))`

function group(of: readonly Condition[], joint: 'AND' | 'OR', p: Placeholders): string {
  const [first, ...more] = of
  if (first === undefined) return always(joint === 'AND', p)
  if (more.length === 0) return conditionExpression(first, p)
  return `(${of.map((one) => conditionExpression(one, p)).join(` ${joint} `)})`
}

/** DynamoDB has no literal for true and false. */
function always(outcome: boolean, p: Placeholders): string {
  const pk = p.name('pk')
  const joint = outcome ? 'OR' : 'AND'
  return `(attribute_exists(${pk}) ${joint} attribute_not_exists(${pk}))`
}

/** A change as an UpdateExpression; `undefined` when it changes nothing. */
export function updateExpression({ set = [], remove = [] }: Change, p: Placeholders) {
  const sets = set.map(([path, value]) => `${p.path(path)} = ${p.value(value)}`)
  const removes = remove.map((path) => p.path(path))
  const clauses = [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
  ]
  return clauses.length > 0 ? clauses.join(' ') : undefined
}
