import { expect, it } from 'vitest'
import { absent } from '../../functions/relay/table/condition.ts'
import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import { scheduled, type Step } from './scheduled-table.ts'

const key = { pk: 'P', sk: 'S' }

/** Lets the first steps pass, as many as said, and stops for ever at the next. */
const crashingAfter = (steps: number) => {
  const seen: Step[] = []
  const turn = (step: Step): Promise<void> =>
    seen.push(step) > steps ? new Promise(() => {}) : Promise.resolve()
  return { seen, turn }
}

it('tells each call twice, with what it is about', async () => {
  const { seen, turn } = crashingAfter(Infinity)
  const table = scheduled(memoryTable(), { turn })
  await table.put({ ...key, n: 1 }, absent('pk'))
  await table.query({ pk: 'P' })
  expect(seen).toEqual([
    { when: 'before', call: 'put', key },
    { when: 'after', call: 'put', key },
    { when: 'before', call: 'query', key: { pk: 'P' } },
    { when: 'after', call: 'query', key: { pk: 'P' } },
  ])
})

it.each([
  [0, 0],
  [1, 1],
])('leaves, when it crashes after %d steps, %d items behind', async (steps, items) => {
  const memory = memoryTable()
  let returned = false
  void scheduled(memory, crashingAfter(steps))
    .put(key)
    .then(() => (returned = true))
  await new Promise(setImmediate)
  expect(memory.items()).toHaveLength(items)
  expect(returned).toBe(false)
})
