import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Table } from '../../functions/relay/table/table.ts'
import { embeddedDynamo, type EmbeddedDynamo } from '../../local/tables/embedded-dynamo.ts'
import { dynaliteStore } from './dynalite-store.ts'
import { optionsOf, range } from './seeds.ts'
import type { MakeStore } from './store.ts'
import { tie } from './tie.ts'

let dynamo: EmbeddedDynamo
beforeAll(async () => {
  dynamo = await embeddedDynamo({ folder: undefined })
})
afterAll(() => dynamo.close())

it.each([...range(1, 3)])(
  'takes the same steps over dynalite as in memory (seed %i)',
  async (seed) => {
    const { outcome, difference } = await tie(
      optionsOf(seed, { minutes: 1 }),
      dynaliteStore(dynamo.client),
    )
    expect(difference).toBeUndefined()
    expect(outcome.violation).toBeUndefined()
    const { live, directory } = await outcome.stored()
    expect([live.length, directory.length]).not.toContain(0)
  },
)

it('tells the first step that another table makes different', async () => {
  const careless = (table: Table): Table => ({
    ...table,
    update: (key, change) => table.update(key, change),
  })
  const store: MakeStore = async (outside) => {
    const made = await dynaliteStore(dynamo.client)(outside)
    return { ...made, live: careless(made.live) }
  }
  const { difference } = await tie(optionsOf(5, { minutes: 1 }), store)
  expect(difference).toMatch(/^step \d+ in memory: .+; here: .+/)
})
