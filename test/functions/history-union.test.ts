import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeColumn } from '../../protocol/history-codec.ts'
import { storeHistory } from '../../functions/relay/past/store-history.ts'
import type { Table } from '../../functions/relay/table/table.ts'
import { makeWorld, owner, printerId, startOfTime } from '../model/world.ts'

const step = 1000
const perChunk = 20
const hour = 3_600_000

/** The reading of a process start at its i-th second: a walk, told apart by instance. */
const reading = (instance: number, i: number) => 2000 + instance * 7 + ((i * 13) % 31) - (i % 3)

interface Delivery {
  readonly instance: number
  readonly chunk: number
  /** So many samples were in it when the frame was made. */
  readonly length: number
  /** On its way so long, ms: the relay's `t0` is off by it. */
  readonly late: number
  /** A later start tells it: it had waited on the host's disk. */
  readonly waited: boolean
}

/** Process starts follow one another; the first begins just before an hour, where shelves change. */
const beginOf = (instance: number) =>
  Math.ceil(startOfTime / hour) * hour - 30_000 + instance * 200_000

const chunkOf = ({ instance, chunk, length }: Delivery) => {
  const values = Array.from({ length }, (_, i) => reading(instance, chunk * perChunk + i))
  return { chunk, step, length, columns: { 'tool0.actual': encodeColumn(values) } }
}

const delivery = fc.record<Delivery>({
  instance: fc.nat(1),
  chunk: fc.nat(4),
  length: fc.integer({ min: 1, max: perChunk }),
  late: fc.nat(900),
  waited: fc.boolean(),
})

const deliver = async (deliveries: readonly Delivery[], through = (table: Table) => table) => {
  const world = await makeWorld({ through })
  const end = beginOf(2)
  world.clock.now = end
  for (const one of deliveries) {
    const taken = beginOf(one.instance) + one.chunk * perChunk * step
    // `age` is by the agent's clock when the frame was made; what the way took is not in it.
    const age = end - taken
    const ports = { ...world.ports, now: () => end + one.late }
    const inst = `instance-${one.instance}`
    const chunk = { ...chunkOf(one), age, ...(one.waited && { inst }) }
    await storeHistory(ports, printerId, one.waited ? 'instance-later' : inst, chunk)
  }
  return world.relay.history(owner, printerId, {
    ...{ from: beginOf(0) - 5000, to: end, resolution: 600_000 },
  })
}

/** What the union of all that was delivered holds: of each chunk its longest. */
const unionOf = (deliveries: readonly Delivery[]): number[] => {
  const longest = new Map<string, Delivery>()
  for (const one of deliveries) {
    const id = `${one.instance}/${one.chunk}`
    if (one.length > (longest.get(id)?.length ?? 0)) longest.set(id, one)
  }
  return [...longest.values()].flatMap((one) =>
    Array.from({ length: one.length }, (_, i) => reading(one.instance, one.chunk * perChunk + i)),
  )
}

const summary = (values: readonly number[]) => ({
  min: Math.min(...values) / 10,
  max: Math.max(...values) / 10,
})

it('property 12: history is the union of what came, under reordering, repetition and restart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(delivery, { minLength: 1, maxLength: 25 }), async (deliveries) => {
      const answer = await deliver(deliveries)
      const shuffled = await deliver([...deliveries].reverse().concat(deliveries.slice(0, 3)))
      const union = unionOf(deliveries)
      const { min, max, mean } = answer.columns['tool0.actual'] ?? { min: [], max: [], mean: [] }
      const least = Math.min(...min.map((value) => value ?? Infinity))
      const most = Math.max(...max.map((value) => value ?? -Infinity))
      expect({ min: least, max: most }).toEqual(summary(union))
      if (mean.length === 1)
        expect(mean[0]).toBeCloseTo(union.reduce((a, b) => a + b, 0) / union.length / 10, 1)
      // Only by how long a frame was on its way may two orders differ: never in what they hold.
      expect(shuffled.columns['tool0.actual']?.max).toEqual(max)
    }),
    { numRuns: 200 },
  )
})

it('property 12: every sample is there once when each chunk came whole', async () => {
  const whole = (order: readonly number[]): Delivery[] =>
    order.map((i) => ({
      instance: i % 2,
      chunk: i >> 1,
      length: perChunk,
      late: (i * 137) % 900,
      waited: i % 3 === 0,
    }))
  const all = Array.from({ length: 10 }, (_, i) => i)
  const shuffle = fc.shuffledSubarray(all, { minLength: 10 })
  await fc.assert(
    fc.asyncProperty(shuffle, fc.array(delivery, { maxLength: 10 }), async (order, early) => {
      const world = await makeWorld()
      const end = beginOf(2)
      const ports = { ...world.ports, now: () => end }
      for (const one of [...early, ...whole(order), ...early]) {
        const age = end - (beginOf(one.instance) + one.chunk * perChunk * step)
        await storeHistory(ports, printerId, `instance-${one.instance}`, { ...chunkOf(one), age })
      }
      world.clock.now = end
      const range = { from: beginOf(0), to: end, resolution: step }
      const { at, columns, covered } = await world.relay.history(owner, printerId, range)
      const seconds = (instance: number) =>
        Array.from({ length: 5 * perChunk }, (_, i) => beginOf(instance) + i * step)
      expect(at).toEqual([...seconds(0), ...seconds(1)])
      const expected = [0, 1].flatMap((instance) =>
        Array.from({ length: 5 * perChunk }, (_, i) => reading(instance, i) / 10),
      )
      expect(columns['tool0.actual']).toEqual({ min: expected, max: expected, mean: expected })
      expect(covered).toBe(beginOf(1) + 5 * perChunk * step)
    }),
    { numRuns: 60 },
  )
})

it('loses what a shorter chunk replaces (broken variant)', async () => {
  const careless = (table: Table): Table => ({ ...table, put: (item) => table.put(item) })
  const both = [
    { instance: 0, chunk: 3, length: 9, late: 0, waited: false },
    { instance: 0, chunk: 3, length: 2, late: 0, waited: false },
  ]
  expect((await deliver(both, careless)).columns).not.toEqual((await deliver(both)).columns)
})
