import { describe, expect, it } from 'vitest'
import { subscriptionKey } from '../../functions/relay/table/keys.ts'
import { readThenWrite, withoutRid } from '../model/broken.ts'
import {
  breaks,
  explore,
  ownerPoints,
  statePoints,
  tablePoints,
  type Scenario,
} from '../model/explore.ts'
import { replicaOf, storedReplica, storedState } from '../model/watcher.ts'
import {
  deltaOf,
  genOf,
  helloOf,
  keyframeOf,
  makeWorld,
  printerId,
  startOfTime,
  subscribeOf,
  unsubscribeOf,
  type World,
} from '../model/world.ts'
import { leaves, says } from '../model/actors.ts'
import type { Caller } from '../../functions/relay/caller.ts'

describe('property 2: a subscribe and a publish in any order', () => {
  const scenario = (frames: object[]) => async (): Promise<Scenario> => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    const viewer = await world.viewer('viewer-1')
    return {
      world,
      actors: [
        says('subscribe', viewer, subscribeOf(1)),
        ...frames.map((frame, i) => says(`publish ${i}`, agent, frame)),
      ],
      check: async () => {
        expect(replicaOf(world.toViewer('viewer-1')).held).toEqual(await storedReplica(world))
      },
    }
  }

  it('leaves the viewer with STATE for a delta', async () => {
    expect(await explore(scenario([deltaOf(2, 1)]))).toBeGreaterThan(40)
  })
  it('leaves the viewer with STATE for a keyframe', async () => {
    await explore(scenario([keyframeOf(2)]))
  })
  it('leaves the viewer with STATE for two deltas that overtake each other', async () => {
    const points = tablePoints
    expect(await explore(scenario([deltaOf(2, 1), deltaOf(3, 1)]), { points })).toBeGreaterThan(200)
  })
  it('does not hold when conditions are read before the write (broken variant)', async () => {
    const make = scenario([keyframeOf(2), keyframeOf(3)])
    const stateOnly = statePoints
    const twoFrames = async (): Promise<Scenario> => {
      const made = await make()
      return {
        ...made,
        actors: made.actors.slice(1),
        check: async () => expect((await storedState(made.world)).seq).toBe(3),
      }
    }
    await explore(twoFrames, { points: stateOnly })
    expect(await breaks(twoFrames, { points: stateOnly, variant: readThenWrite })).toBe(true)
  })
})

describe('property 3: the newest connection owns', () => {
  const owners = async (): Promise<{ world: World; old: Caller; young: Caller }> => {
    const world = await makeWorld()
    const old = await world.agent('agent-1', startOfTime)
    await world.said(old, helloOf(1))
    const young = await world.agent('agent-2', startOfTime + 1)
    return { world, old, young }
  }
  const youngOwns = (world: World, young: Caller) => async (): Promise<void> => {
    const state = await storedState(world)
    expect(state).toMatchObject({ gen: genOf(young), st: 'on', online: true })
    const told = world.toAgent('agent-2').map(({ type }) => type)
    expect(told).toEqual(expect.arrayContaining(['welcome']))
    expect(told).not.toContain('closing')
    expect(told).not.toContain('redial')
  }
  const tableOnly = ownerPoints

  const handOver = async (): Promise<Scenario> => {
    const { world, old, young } = await owners()
    return {
      world,
      actors: [
        says('hello', young, helloOf(1, { fresh: false })),
        says('publish', old, keyframeOf(2)),
        leaves('disconnect', old),
      ],
      check: youngOwns(world, young),
    }
  }

  it('through every order of hello, publish and $disconnect of the old one', async () => {
    expect(await explore(handOver, { points: tableOnly })).toBeGreaterThan(300)
  })
  it('through every order of two hellos and a late publish', async () => {
    await explore(
      async () => {
        const { world, old, young } = await owners()
        return {
          world,
          actors: [
            says('young hello', young, helloOf(1, { fresh: false })),
            says('old hello', old, helloOf(2, { fresh: false })),
            says('publish', old, deltaOf(3, 1)),
          ],
          check: youngOwns(world, young),
        }
      },
      { points: statePoints },
    )
  })
  it('through every order of two clones that start at once', async () => {
    await explore(
      async () => {
        const { world, young } = await owners()
        const clone = await world.agent('agent-3', startOfTime + 2)
        return {
          world,
          actors: [
            says('one', young, helloOf(1, { instance: 'instance-b' })),
            says('other', clone, helloOf(1, { instance: 'instance-c' })),
          ],
          check: async () => {
            expect(await storedState(world)).toMatchObject({
              gen: genOf(clone),
              st: 'on',
              online: true,
            })
            expect(world.open.has('agent-3')).toBe(true)
          },
        }
      },
      { points: tableOnly },
    )
  })
  it('does not hold when conditions are read before the write (broken variant)', async () => {
    expect(await breaks(handOver, { points: tableOnly, variant: readThenWrite })).toBe(true)
  })
})

describe('property 8: the highest rid decides', () => {
  const scenario =
    (on: boolean, ...frames: object[]) =>
    async (): Promise<Scenario> => {
      const world = await makeWorld()
      const viewer = await world.viewer('viewer-1')
      const highest = frames.length
      return {
        world,
        actors: frames.map((frame, i) => says(`frame ${i + 1}`, viewer, frame)),
        check: async () => {
          const item = await world.ports.live.get(subscriptionKey(printerId, 'viewer-1'))
          expect(item).toMatchObject({ rid: highest, st: on ? 'on' : 'off' })
        },
      }
    }
  const offLast = scenario(false, subscribeOf(1), unsubscribeOf(2))
  it('a late subscribe stays off after the unsubscribe', async () => {
    await explore(offLast)
  })
  it('a late unsubscribe ends no newer subscribe', async () => {
    await explore(scenario(true, unsubscribeOf(1), subscribeOf(2)))
  })
  it('through every order of subscribe, unsubscribe and subscribe', async () => {
    const points = tablePoints
    const frames = [subscribeOf(1), unsubscribeOf(2), subscribeOf(3)] as const
    await explore(scenario(true, ...frames), { points })
  })
  it('does not hold without rid in the conditions (broken variant)', async () => {
    expect(await breaks(offLast, { variant: withoutRid })).toBe(true)
  })
})
