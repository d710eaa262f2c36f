import { expect, it } from 'vitest'
import { range, firstFailure, optionsOf } from './seeds.ts'
import { reportOf } from './report.ts'
import { runSeed } from './run-seed.ts'
import { shrink } from './shrink.ts'

/** As many as fit; `.ci/run` runs thousands. */
const seeds = 30

it.each(Array.from({ length: 3 }, (_, i) => i))(
  'keeps every property through faults and after them (part %i)',
  async (part) => {
    const outcome = await firstFailure(range(1 + (part * seeds) / 3, seeds / 3))
    if (!outcome) return
    const { seed } = outcome
    const shrunk = await shrink(optionsOf(seed), outcome)
    expect.fail(reportOf(shrunk, `npm run chaos -- --seed ${seed}`, 60))
  },
  120_000,
)

it('does the same again from the same seed', async () => {
  const first = await runSeed(optionsOf(2))
  const second = await runSeed(optionsOf(2))
  expect(second.hash).toBe(first.hash)
  expect((await runSeed(optionsOf(7))).hash).not.toBe(first.hash)
})

it('asks neither the clock nor the chance of the machine', async () => {
  const asked: string[] = []
  const ask = (name: string, value: number) => () => {
    // What runs the tests may ask; what is tested may not.
    if (/(agent|client|functions|protocol)\//.test(new Error().stack ?? '')) asked.push(name)
    return value
  }
  const [now, random] = [Date.now, Math.random]
  Object.assign(Date, { now: ask('Date.now', 1) })
  Object.assign(Math, { random: ask('Math.random', 0.5) })
  try {
    await runSeed(optionsOf(3))
  } finally {
    Object.assign(Date, { now })
    Object.assign(Math, { random })
  }
  expect(asked).toEqual([])
})
