import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { makeWorld } from '../../model/world.ts'
import { LogWorld } from './log-world.ts'

type Step =
  | { do: 'find' | 'redial' | 'restart' }
  | { do: 'die'; missing: number }
  | { do: 'pass'; ms: number }
  | { do: 'up' | 'down'; which: number; keep: boolean; stale: number }
  | { do: 'lose'; which: number }
  | { do: 'others'; count: number }

const just = <D extends 'find' | 'redial' | 'restart'>(what: D) => fc.constant({ do: what })
const moves = (way: 'up' | 'down') =>
  fc.record({
    do: fc.constant(way),
    which: fc.nat(8),
    keep: fc.boolean(),
    stale: fc.nat(3),
  })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: just('find') },
  { weight: 1, arbitrary: just('redial') },
  { weight: 1, arbitrary: just('restart') },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const), missing: fc.nat(300) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 300, 1000, 3000, 7000, 13_000),
    }),
  },
  { weight: 8, arbitrary: moves('up') },
  { weight: 8, arbitrary: moves('down') },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), which: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('others' as const), count: fc.nat(9) }) },
)

const oneOf = <T>(all: T[], which: number, keep: boolean): T | undefined => {
  const at = which % Math.max(1, all.length)
  return keep ? all[at] : all.splice(at, 1)[0]
}

const run = async (world: LogWorld, one: Step): Promise<void> => {
  switch (one.do) {
    case 'find':
      world.find()
      return
    case 'redial':
      return world.redial()
    case 'restart':
      return world.restart()
    case 'die':
      return world.dieWhileFinding(one.missing)
    case 'pass':
      return world.pass(one.ms)
    case 'up': {
      const frame = oneOf(world.up, one.which, one.keep)
      return frame && world.arrive(frame, one.stale)
    }
    case 'down': {
      const frame = oneOf(world.down, one.which, one.keep)
      return frame && world.hear(frame)
    }
    case 'others':
      return world.others(one.count)
    case 'lose':
      oneOf(world.up, one.which, false)
      return
    default:
      return one satisfies never
  }
}

// §11, property 7, from the agent's disk to the relay's log.
it('the log is dense and has each event once, in order, whatever is lost, repeated or killed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const { ports } = await makeWorld()
      const world = new LogWorld(ports)
      for (const one of steps) await run(world, one)
      await world.settle()
      const log = await world.log()
      expect(log.map(({ name }) => name)).toEqual(world.found)
      expect(world.pending).toBe(0)
    }),
    { numRuns: 200 },
  )
})

it('more starts than the relay keeps marks of still give each event once', async () => {
  const { ports } = await makeWorld()
  const world = new LogWorld(ports)
  for (let start = 0; start < 30; start++) {
    world.find()
    world.find()
    world.restart()
  }
  await world.settle()
  expect((await world.log()).map(({ name }) => name)).toEqual(world.found)
})
