import { expect, it } from 'vitest'
import { Bench, terms } from './support/bench.ts'
import { printing, ready, warm } from './support/states.ts'

/** A line that asked twice, 5 s apart, and has no answer yet. */
const twiceAsked = () => {
  const bench = Bench.open(ready)
  bench.sample(printing)
  bench.pass(5_000)
  const [first, second] = bench.sent()
  return { bench, first: first?.seq ?? 0, second: second?.seq ?? 0 }
}

it('an answer to an earlier ask does not excuse the later one', () => {
  const { bench, first, second } = twiceAsked()
  expect(second).toBe(first + 1)
  bench.ack(1, first)
  expect(bench.line.asks.map(({ seq }) => seq)).toEqual([second])
})

it('an answer to a later ask settles the earlier ones', () => {
  const { bench, second } = twiceAsked()
  bench.ack(1, second)
  expect(bench.line.asks).toEqual([])
})

it('an answer to a seq that was never sent counts for nothing', () => {
  const { bench, second } = twiceAsked()
  const before = bench.line
  bench.ack(0, second + 1)
  expect(bench.line.asks).toEqual(before.asks)
  expect(bench.line.quietSince).toBe(before.quietSince)
})

it('an answer to the frame before does not acknowledge the keyframe', () => {
  const bench = Bench.open(ready)
  bench.pass(5_000)
  bench.sample(warm(ready, 40))
  const delta = bench.last.seq
  bench.sample(printing)
  bench.pass(1_000)
  bench.ack(1, delta)
  expect(bench.line.key?.acknowledged).toBe(false)
})

it('the declaration of idleness asks, however lately a frame asked', () => {
  const bench = Bench.open(ready, 0)
  for (let second = 0; second < 59; second++) {
    bench.pass(1_000)
    bench.sample(warm(ready, second))
    const { last } = bench
    if (last.action === 'publish' && last.ack) bench.ack(0)
  }
  bench.sample(printing)
  bench.ack(0)
  bench.sent()
  bench.pass(2_000)
  expect(bench.sent()).toContainEqual(expect.objectContaining({ mode: 'idle', ack: true }))
})

it('a demand is answered as watched before idleness is declared again', () => {
  const bench = Bench.open(ready, 1, { ...terms, lowerAfter: 0 })
  const before = bench.line.seq
  bench.hear({ type: 'demand', viewers: 1, interval: 1000 })
  bench.ack(0, before)
  bench.pass(1_000)
  expect(bench.sent()[0]).toMatchObject({ mode: 'watched' })
})
