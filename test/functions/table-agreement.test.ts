import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dynamoTable } from '../../functions/aws/dynamo-table.ts'
import type { Condition } from '../../functions/relay/table/condition.ts'
import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import { TableError } from '../../functions/relay/table/table-error.ts'
import type { Change, Item, Path, Query, Table, Value } from '../../functions/relay/table/table.ts'
import { embeddedDynamo, type EmbeddedDynamo } from '../../local/tables/embedded-dynamo.ts'
import { freshTable } from '../support/embedded.ts'

let dynamo: EmbeddedDynamo
beforeAll(async () => {
  dynamo = await embeddedDynamo({ folder: undefined })
})
afterAll(() => dynamo.close())

// Few keys, names and values, so that operations meet.
const texts = fc.constantFrom('', 'a', 'b', 'é', '\uff5e', '🖨')
const numbers = fc.constantFrom(0, 1, 2, -1, 0.1, 0.30000000000000004, 1e21, 1.5e-7, 9e125)
const scalars = fc.oneof(texts, numbers, fc.boolean())
const entryNames = fc.constantFrom('x', 'y', 'constructor', 'odd.name #1')
const lists = fc.array(fc.oneof(texts, numbers), { maxLength: 3 })
const maps = fc.dictionary(entryNames, fc.oneof(scalars, lists), { maxKeys: 3 })
const keys = fc.record({
  pk: fc.constantFrom('P', 'Q'),
  sk: fc.constantFrom('a', 'ab', 'b', 'é', '\uff5e', '🖨'),
})
// Sizes are only ever asked of maps and lists, so those have names of their own.
const attributes = fc.constantFrom('s', 'n', 'v')
const paths: fc.Arbitrary<Path> = fc.oneof(
  attributes,
  fc.constantFrom('list', 'map'),
  fc.tuple(fc.constantFrom('map', 'v', 's'), entryNames),
)
const values: fc.Arbitrary<Value> = fc.oneof(scalars, lists, maps)
const changes: fc.Arbitrary<Change> = fc.record({
  set: fc.array(
    fc.oneof(
      fc.tuple(attributes, values),
      fc.tuple(fc.constant('list'), lists),
      fc.tuple(fc.constant('map'), maps),
      fc.tuple(fc.constant('alive'), fc.constant('1')),
      fc.tuple(fc.tuple(fc.constantFrom('map', 'v'), entryNames), scalars),
    ) as fc.Arbitrary<readonly [Path, Value]>,
    { maxLength: 3 },
  ),
  remove: fc.array(fc.oneof(paths, fc.constant('alive')), { maxLength: 2 }),
})

const comparable = fc.oneof(texts, numbers)
// dynalite alone never finds an empty text in a list, so none is looked for.
const findable = comparable.filter((value) => value !== '')
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constantFrom('present', 'absent'), path: paths }),
    fc.record({ kind: fc.constant('equal'), path: paths, value: scalars }),
    fc.record({
      kind: fc.constantFrom('less', 'greater', 'atLeast'),
      path: paths,
      value: comparable,
    }),
    fc.record({ kind: fc.constant('contains'), path: paths, value: findable }),
    fc.record({
      kind: fc.constant('sizeAbove'),
      path: fc.constantFrom('list', 'map', 'gone'),
      value: fc.nat(2),
    }),
    fc.record({ kind: fc.constant('not'), of: tie('condition') }),
    fc.record({
      kind: fc.constantFrom('all', 'any'),
      of: fc.array(tie('condition'), { maxLength: 3 }),
    }),
  ),
}))
const when = fc.option(condition, { nil: undefined, freq: 3 })
const items = fc
  .tuple(
    keys,
    fc.record(
      { s: texts, n: numbers, v: values, list: lists, map: maps, alive: fc.constant('1') },
      {
        requiredKeys: [],
      },
    ),
  )
  .map(([key, rest]): Item => ({ ...key, ...rest }))
const queries: fc.Arbitrary<Query> = fc
  .record({
    pk: fc.constantFrom('P', 'Q'),
    bound: fc.constantFrom({}, { prefix: 'a' }, { prefix: '🖨' }, { from: 'ab' }, { from: 'é' }),
    newestFirst: fc.boolean(),
    limit: fc.constantFrom(1, 2, 3, 100),
  })
  .map(({ bound, ...rest }) => ({ ...rest, ...bound }))

type Act = (table: Table) => Promise<unknown>
const told = (text: unknown, act: Act): Act & { toString(): string } =>
  Object.assign(act, { toString: () => JSON.stringify(text) })
const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(items, when).map((a) => told(a, (t) => t.put(...a))) },
  {
    weight: 4,
    arbitrary: fc.tuple(keys, changes, when).map((a) => told(a, (t) => t.update(...a))),
  },
  { weight: 2, arbitrary: fc.tuple(keys, when).map((a) => told(a, (t) => t.delete(...a))) },
  { weight: 2, arbitrary: keys.map((key) => told(key, (t) => t.get(key))) },
  { weight: 2, arbitrary: queries.map((query) => told(query, (t) => wholeQuery(t, query))) },
  { weight: 1, arbitrary: fc.constant(told('alive', (t) => aliveKeys(t))) },
)

async function wholeQuery(table: Table, query: Query): Promise<Item[]> {
  const { items: page, after } = await table.query(query)
  expect(page.length).toBeLessThanOrEqual(query.limit ?? Infinity)
  return after ? [...page, ...(await wholeQuery(table, { ...query, after }))] : page
}

const aliveKeys = async (table: Table): Promise<string[]> =>
  (await table.alive()).keys.map(({ pk, sk }) => `${pk}/${sk}`).sort()

const outcome = (act: Act, table: Table): Promise<unknown> =>
  act(table).catch((error: unknown) => {
    if (error instanceof TableError) return { failed: error.code }
    throw error
  })

it('answers alike in memory and in dynalite, whatever is asked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 5, maxLength: 40, size: 'max' }), async (run) => {
      const tableName = await freshTable(dynamo.client)
      const timeouts = { requestMs: 5_000 }
      const real = dynamoTable({ client: dynamo.client, tableName, timeouts })
      const memory = memoryTable()
      for (const act of run) {
        const [expected, got] = [await outcome(act, real), await outcome(act, memory)]
        expect(got).toEqual(expected)
      }
    }),
    { numRuns: 100 },
  )
}, 60_000)
