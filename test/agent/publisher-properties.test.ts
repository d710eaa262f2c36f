import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { sameState } from '../support/same-state.ts'
import type { AgentToRelay } from '../../protocol/agent-to-relay.ts'
import { agentToRelay } from '../../protocol/agent-to-relay.ts'
import { generationOf } from '../../protocol/generation.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { emptyReplica, receive, type Replica, type StateFrame } from '../../protocol/replica.ts'
import { Bench, terms } from './support/bench.ts'
import { anyState } from './support/states.ts'

const gen = generationOf(1, 'connection')

/** What the relay would fan out. */
const fannedOut = (frame: AgentToRelay): StateFrame => {
  const { seq } = frame
  if (frame.action === 'hello') return { gen, seq, k: seq, full: frame.state }
  if (frame.full) return { gen, seq, k: seq, full: frame.full }
  return { gen, seq, k: frame.k ?? 0, patch: frame.patch ?? {} }
}

type Step =
  | { do: 'sample'; state: PrinterState }
  | { do: 'tick'; state: PrinterState }
  | { do: 'pass'; ms: number }
  | { do: 'answer'; viewers: number; back: number }
  | { do: 'demand' }
  | { do: 'resync' }
  | { do: 'deliver'; which: number; again: boolean }
  | { do: 'lose'; which: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  // Readings come a tick apart, as the sampler's do; some come sooner.
  { weight: 12, arbitrary: fc.record({ do: fc.constant('tick' as const), state: anyState }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sample' as const), state: anyState }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 900, 1100, 3000, 20_000, 70_000),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      viewers: fc.constantFrom(0, 0, 1),
      back: fc.constantFrom(0, 0, 0, 1, 3),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'demand' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'resync' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      which: fc.nat(20),
      again: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('lose' as const), which: fc.nat(20) }) },
)

interface World {
  readonly bench: Bench
  /** The state each seq stands for. */
  readonly truth: Map<number, PrinterState>
  readonly onTheWay: StateFrame[]
  replica: Replica
  seen: number
}

const note = (world: World) => {
  const { bench } = world
  for (; world.seen < bench.frames.length; world.seen++) {
    const frame = bench.frames[world.seen]?.frame
    if (!frame) continue
    expect(agentToRelay.safeParse(frame).success).toBe(true)
    expect(world.truth.has(frame.seq)).toBe(false)
    expect(frame.seq).toBe(world.truth.size + 1)
    world.truth.set(frame.seq, bench.line.sent)
    world.onTheWay.push(fannedOut(frame))
  }
}

const arrive = (world: World, frame: StateFrame) => {
  const before = world.replica.held?.seq ?? 0
  world.replica = receive(world.replica, frame).replica
  const { held } = world.replica
  if (!held) return
  expect(held.seq).toBeGreaterThanOrEqual(before)
  const truth = world.truth.get(held.seq)
  expect(truth !== undefined && sameState(held.state, truth)).toBe(true)
}

const run = (world: World, one: Step) => {
  const { bench, onTheWay } = world
  if (bench.effects.some(({ type }) => type === 'redial')) return
  switch (one.do) {
    case 'sample':
      bench.sample(one.state)
      break
    case 'tick':
      bench.pass(1000)
      note(world)
      bench.sample(one.state)
      break
    case 'pass': {
      // In small steps, so that `line.sent` is noted for each frame.
      for (let left = one.ms; left > 0; left -= 500) {
        bench.pass(Math.min(left, 500))
        note(world)
      }
      break
    }
    case 'answer': {
      const seq = Math.max(1, bench.line.seq - one.back)
      const type = bench.line.greeting ? 'welcome' : 'ack'
      bench.hear({ type, seq, hwm: {}, viewers: one.viewers, interval: 1000 })
      break
    }
    case 'demand':
      bench.hear({ type: 'demand', viewers: 1, interval: 1000 })
      break
    case 'resync':
      bench.hear({ type: 'resync' })
      break
    case 'deliver': {
      const frame = onTheWay[one.which % Math.max(1, onTheWay.length)]
      if (frame && !one.again) onTheWay.splice(onTheWay.indexOf(frame), 1)
      if (frame) arrive(world, frame)
      break
    }
    case 'lose':
      onTheWay.splice(one.which % Math.max(1, onTheWay.length), 1)
      break
    default:
      one satisfies never
  }
  note(world)
}

const worldOf = (): World => {
  const bench = new Bench({ ...terms, lowerAfter: 10_000 })
  const world = { bench, truth: new Map(), onTheWay: [], replica: emptyReplica, seen: 0 }
  note(world)
  return world
}

// §10: "frames are lost, repeated, reordered: nothing older replaces newer"
it('never repeats a seq, and whoever receives any of its frames holds its state at that seq', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = worldOf()
      for (const one of steps) run(world, one)
    }),
    { numRuns: 400 },
  )
})

// §10: "every viewer ends with the published state; a control frame is lost"
it('brings every receiver to its state once the network is well again', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), anyState, (steps, last) => {
      const world = worldOf()
      for (const one of steps) run(world, one)
      if (world.bench.effects.some(({ type }) => type === 'redial')) return
      const { bench } = world
      bench.sample(last)
      note(world)
      world.onTheWay.length = 0
      bench.hear({ type: 'demand', viewers: 1, interval: 1000 })
      // From here on every frame arrives and every ask is answered; one sync brings the keyframe.
      for (let second = 0; second < 20; second++) {
        bench.pass(1000)
        note(world)
        for (const frame of world.onTheWay.splice(0)) arrive(world, frame)
        const type = bench.line.greeting ? 'welcome' : 'ack'
        bench.hear({ type, seq: bench.line.seq, hwm: {}, viewers: 1, interval: 1000 })
        note(world)
      }
      expect(sameState(bench.line.sent, last)).toBe(true)
      const { seq, sent, key } = bench.line
      arrive(world, { gen, seq, k: key?.seq ?? 0, full: sent })
      bench.pass(30_000)
      note(world)
      for (const frame of world.onTheWay.splice(0)) arrive(world, frame)
      expect(sameState(world.replica.held?.state ?? last, last)).toBe(true)
      expect(world.replica.held?.seq).toBe(bench.line.seq)
    }),
    { numRuns: 300 },
  )
})

it('is watched whenever a viewer is known, idle only by an answer that knows none', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = worldOf()
      let known = false
      for (const one of steps) {
        const before = world.bench.line.attention.mode
        run(world, one)
        if (world.bench.effects.some(({ type }) => type === 'redial')) return
        const after = world.bench.line.attention.mode
        if (one.do === 'demand') known = true
        if (one.do === 'answer') known = one.viewers > 0
        if (after === 'idle' && before !== 'idle')
          expect(one).toMatchObject({ do: 'answer', viewers: 0 })
        if (known && one.do !== 'pass') expect(after).toBe('watched')
      }
    }),
    { numRuns: 300 },
  )
})
