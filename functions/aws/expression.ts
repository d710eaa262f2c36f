import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { Condition } from '../relay/table/condition.ts'
import type { Change, Path, Value } from '../relay/table/table.ts'
import { frozenValue, steps } from '../relay/table/value.ts'
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

/** How tightly an expression's outermost operator binds, by DynamoDB's order of precedence. */
const binding = { or: 1, and: 2, not: 3, term: 4 } as const

interface Expression {
  readonly text: string
  readonly binds: (typeof binding)[keyof typeof binding]
}

/**
 * A condition as a ConditionExpression, with parentheses only where precedence needs them: DynamoDB
 * refuses doubled ones, and a parser that backtracks, as dynalite's does, takes several times
 * longer for each level.
 */
export const conditionExpression = (condition: Condition, p: Placeholders): string =>
  expressionOf(condition, p).text

function expressionOf(condition: Condition, p: Placeholders): Expression {
  switch (condition.kind) {
    case 'present':
      return term(`attribute_exists(${p.path(condition.path)})`)
    case 'absent':
      return term(`attribute_not_exists(${p.path(condition.path)})`)
    case 'equal':
      return term(`${p.path(condition.path)} = ${p.value(condition.value)}`)
    case 'less':
      return term(`${p.path(condition.path)} < ${p.value(condition.value)}`)
    case 'greater':
      return term(`${p.path(condition.path)} > ${p.value(condition.value)}`)
    case 'atLeast':
      return term(`${p.path(condition.path)} >= ${p.value(condition.value)}`)
    case 'contains':
      return listContains(p.path(condition.path), p.value(condition.value), p)
    case 'sizeAbove':
      return term(`size(${p.path(condition.path)}) > ${p.value(condition.value)}`)
    case 'not':
      return negated(expressionOf(condition.of, p))
    case 'all':
      return group(condition.of, 'and', p)
    case 'any':
      return group(condition.of, 'or', p)
    default:
      return condition satisfies never
  }
}

const term = (text: string): Expression => ({ text, binds: binding.term })

/** The text where something that binds so tightly is around it. */
const within = ({ text, binds }: Expression, around: Expression['binds']): string =>
  binds < around ? `(${text})` : text

/** The grammar has no NOT after a NOT. */
const negated = (of: Expression): Expression =>
  of.binds === binding.not
    ? term(of.text.slice('NOT '.length))
    : { text: `NOT ${within(of, binding.not)}`, binds: binding.not }

/** DynamoDB's `contains` also finds a part of a string; ours speaks of lists only. */
const listContains = (path: string, value: string, p: Placeholders): Expression => ({
  text: `attribute_type(${path}, ${p.value('L')}) AND contains(${path}, ${value})`,
  binds: binding.and,
})

function group(of: readonly Condition[], joint: 'and' | 'or', p: Placeholders): Expression {
  const [first, ...more] = of
  if (first === undefined) return always(joint === 'and', p)
  if (more.length === 0) return expressionOf(first, p)
  const parts = of.map((one) => within(expressionOf(one, p), binding[joint]))
  return { text: parts.join(` ${joint.toUpperCase()} `), binds: binding[joint] }
}

/** DynamoDB has no literal for true and false. */
function always(outcome: boolean, p: Placeholders): Expression {
  const pk = p.name('pk')
  const joint = outcome ? 'or' : 'and'
  return {
    text: `attribute_exists(${pk}) ${joint.toUpperCase()} attribute_not_exists(${pk})`,
    binds: binding[joint],
  }
}

/** A change as an UpdateExpression; `undefined` when it changes nothing. */
export function updateExpression({ set = [], remove = [], add = [] }: Change, p: Placeholders) {
  const sets = [
    ...set.map(([path, value]) => `${p.path(path)} = ${p.value(value)}`),
    ...add.map(([path, more]) => `${p.path(path)} = ${p.path(path)} + ${p.value(more)}`),
  ]
  const removes = remove.map((path) => p.path(path))
  const clauses = [
    ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
    ...(removes.length > 0 ? [`REMOVE ${removes.join(', ')}`] : []),
  ]
  return clauses.length > 0 ? clauses.join(' ') : undefined
}
