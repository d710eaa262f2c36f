import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changedFields, patchOf } from '../../protocol/delta.ts'
import { isNewer, type Position } from '../../protocol/generation.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import type { Publish } from '../../protocol/publish.ts'
import { emptyReplica, receive, type Replica } from '../../protocol/replica.ts'
import type { RelayToViewer } from '../../protocol/relay-to-viewer.ts'
import { says } from '../model/actors.ts'
import { readThenWrite } from '../model/broken.ts'
import { runOnce, sharedPoints, type Choose } from '../model/explore.ts'
import { storedReplica, storedState } from '../model/watcher.ts'
import {
  deltaOf,
  genOf,
  helloOf,
  keyframeOf,
  makeWorld,
  printerId,
  startOfTime,
  stateOf,
  subscribeOf,
  type World,
} from '../model/world.ts'
import { arbitraryState } from '../support/arbitrary-state.ts'
import type { Caller } from '../../functions/relay/caller.ts'
import type { Table } from '../../functions/relay/table/table.ts'

const publishing = { action: 'publish', mode: 'watched', interval: 30_000, agentNow: 1 } as const

/** What an agent sends for these states: keyframes now and then, deltas of all touched since. */
const framesOf = (states: readonly PrinterState[], keyEvery: number, first: number): Publish[] => {
  let k = first
  let keyframe = states[0]
  let touched = new Set<string>()
  return states.slice(1).map((state, i) => {
    const seq = first + 1 + i
    if (!keyframe || (i + 1) % keyEvery === 0) {
      k = seq
      keyframe = state
      touched = new Set()
      return { ...publishing, seq, full: state }
    }
    const before = states[i] ?? state
    touched = new Set([...touched, ...changedFields(before, state)])
    return { ...publishing, seq, k, patch: patchOf(state, touched) }
  })
}

const keyOf = ({ gen, seq }: Position): string => `${gen}/${seq}`

interface Story {
  readonly world: World
  readonly agent: Caller
  readonly published: Map<string, PrinterState>
  readonly frames: Publish[]
}

const story = async (states: PrinterState[], keyEvery: number): Promise<Story> => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  const gen = genOf(agent)
  const [first = stateOf(0)] = states
  await world.said(agent, helloOf(1, { state: first }))
  const published = new Map([[keyOf({ gen, seq: 1 }), first]])
  states.slice(1).forEach((state, i) => published.set(keyOf({ gen, seq: i + 2 }), state))
  return { world, agent, published, frames: framesOf(states, keyEvery, 1) }
}

const states = fc.array(arbitraryState, { minLength: 3, maxLength: 7 })
const choices = fc.infiniteStream(fc.nat(1000))
const chooser =
  (stream: Iterator<number>): Choose =>
  (count) =>
    Number(stream.next().value) % count

/** Feeds a viewer what arrived, in any order, some lost and some twice. */
const delivered = (frames: readonly RelayToViewer[], choose: Choose): RelayToViewer[] => {
  const left = [...frames]
  const order: RelayToViewer[] = []
  while (left.length > 0) {
    const at = choose(left.length)
    const [frame] = left.splice(at, 1)
    const fate = choose(5)
    if (frame && fate > 0) order.push(frame)
    if (frame && fate === 4) left.push(frame)
  }
  return order
}

const watchInAnyOrder = (
  frames: readonly RelayToViewer[],
  published: ReadonlyMap<string, PrinterState>,
): Replica => {
  let replica = emptyReplica
  for (const frame of frames) {
    if (frame.type !== 'state') continue
    const before = replica.held
    replica = receive(replica, frame).replica
    if (!replica.held) continue
    if (before) expect(isNewer(before, replica.held)).toBe(false)
    expect(replica.held.state).toEqual(published.get(keyOf(replica.held)))
  }
  return replica
}

describe('property 1: nothing goes back, and every body is the agent’s', () => {
  const run = async (
    [made, keyEvery, stream]: [PrinterState[], number, Iterable<number>],
    variant?: (table: Table) => Table,
  ): Promise<void> => {
    const { world, agent, published, frames } = await story(made, keyEvery)
    const viewer = await world.viewer('viewer-1')
    const choose = chooser(stream[Symbol.iterator]())
    const young = await world.agent('agent-2', startOfTime + 1)
    const youngState = stateOf(77)
    published.set(keyOf({ gen: genOf(young), seq: 1 }), youngState)
    const takeOver = helloOf(1, { fresh: false, state: youngState })
    const positions: Position[] = []
    const scenario = {
      world,
      actors: [
        says('subscribe', viewer, subscribeOf(1)),
        ...frames.map((frame) => says(`publish ${frame.seq}`, agent, frame)),
        says('hello', young, takeOver),
      ],
      check: async () => {
        const stored = await storedReplica(world)
        expect(stored?.state).toEqual(stored && published.get(keyOf(stored)))
        expect(stored?.gen).toBe(genOf(young))
        const back = positions.filter((one, i) => isNewer(positions[i - 1] ?? one, one))
        expect(back).toEqual([])
      },
    }
    // Each turn looks at STATE: it only moves on.
    const watched: Choose = (count) => {
      void storedState(world).then(({ gen, seq }) => positions.push({ gen, seq }))
      return choose(count)
    }
    await runOnce(scenario, watched, { points: sharedPoints, ...(variant && { variant }) })
    const frames1 = world.toViewer('viewer-1')
    const replica = watchInAnyOrder(delivered(frames1, choose), published)
    await world.said(viewer, { action: 'sync', printerId, rid: 1 })
    const synced = world.toViewer('viewer-1').slice(frames1.length)
    const end = synced.reduce(
      (held, frame) => (frame.type === 'state' ? receive(held, frame).replica : held),
      replica,
    )
    expect(end.held).toEqual(await storedReplica(world))
  }

  it('with loss, repetition and reordering on both sides; one sync converges', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(states, fc.integer({ min: 2, max: 4 }), choices), (args) =>
        run(args),
      ),
      { numRuns: 400, seed: 20261121 },
    )
  }, 30_000)

  it('does not hold when conditions are read before the write (broken variant)', async () => {
    const outcome = await fc.check(
      fc.asyncProperty(fc.tuple(states, fc.integer({ min: 2, max: 4 }), choices), (args) =>
        run(args, readThenWrite),
      ),
      { numRuns: 400, seed: 20261121, endOnFailure: true },
    )
    expect(outcome.failed).toBe(true)
  }, 30_000)
})

describe('property 5: overtaken and repeated frames', () => {
  it('never cause a resync, and the newest stands', async () => {
    const older = [deltaOf(2, 1), deltaOf(3, 1), keyframeOf(4)]
    const newer = [deltaOf(5, 4), deltaOf(6, 4), deltaOf(7, 4)]
    const bag = [...older, ...older, ...newer, ...newer]
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(bag, { minLength: 6 }),
        choices,
        async (order, stream) => {
          const world = await makeWorld()
          const agent = await world.agent('agent-1', startOfTime)
          await world.said(agent, helloOf(1))
          // A delta is sent only of an acknowledged keyframe: the relay has had it.
          await world.said(agent, keyframeOf(4))
          const actors = order.map((frame, i) => says(`${i}`, agent, frame))
          const check = async () => {
            expect(world.toAgent('agent-1').map(({ type }) => type)).not.toContain('resync')
            const seqs = order.map(({ seq }) => seq)
            expect((await storedState(world)).seq).toBe(Math.max(4, ...seqs))
          }
          await runOnce({ world, actors, check }, chooser(stream[Symbol.iterator]()))
        },
      ),
      { numRuns: 150, seed: 5 },
    )
  }, 20_000)

  it('but a delta of a keyframe that never came does', async () => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    await world.said(agent, deltaOf(3, 2))
    expect(world.toAgent('agent-1').at(-1)).toEqual({ type: 'resync' })
  })
})
