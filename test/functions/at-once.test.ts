import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { subscriptionKey } from '../../functions/relay/table/keys.ts'
import type { Table } from '../../functions/relay/table/table.ts'
import { says } from '../model/actors.ts'
import { readThenWrite, withoutRid } from '../model/broken.ts'
import { runOnce, type Choose, type Point, type Scenario } from '../model/explore.ts'
import { replicaOf, storedReplica } from '../model/watcher.ts'
import { revokeOnPrinter } from '../../functions/relay/people/revoke-people.ts'
import {
  deltaOf,
  guest,
  helloOf,
  keyframeOf,
  makeWorld,
  printerId,
  startOfTime,
  subscribeOf,
  unsubscribeOf,
} from '../model/world.ts'

const grace = 5_000
const everywhere = ({ when }: Point): boolean => when === 'before'

/** A guest who comes, goes and comes, another viewer who comes, and an agent that goes on. */
const crowd = async () => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  const guestViewer = await world.viewer('guest-1', guest)
  const other = await world.viewer('other-1')
  const actors = [
    says('subscribe 1', guestViewer, subscribeOf(1)),
    says('unsubscribe 2', guestViewer, unsubscribeOf(2)),
    says('subscribe 3', guestViewer, subscribeOf(3)),
    says('another subscribe', other, subscribeOf(1)),
    says('publish', agent, deltaOf(2, 1), keyframeOf(3), deltaOf(4, 3)),
  ]
  return { world, agent, actors }
}

const othersHoldState = async ({ world }: Awaited<ReturnType<typeof crowd>>) => {
  expect(world.toViewer('other-1')).toContainEqual(expect.objectContaining({ type: 'subscribed' }))
  expect(replicaOf(world.toViewer('other-1')).held).toEqual(await storedReplica(world))
}

const withoutRevocation = async (): Promise<Scenario> => {
  const scene = await crowd()
  return {
    ...scene,
    check: async () => {
      const key = subscriptionKey(printerId, 'guest-1')
      expect(await scene.world.ports.live.get(key)).toMatchObject({ rid: 3, st: 'on' })
      const { held } = replicaOf(scene.world.toViewer('guest-1'))
      expect(held).toEqual(await storedReplica(scene.world))
      await othersHoldState(scene)
    },
  }
}

const withRevocation = async (): Promise<Scenario> => {
  const scene = await crowd()
  const { world, agent } = scene
  const revoke: Scenario['actors'][number] = {
    name: 'revoke',
    run: async (relay) => {
      await revokeOnPrinter(relay.ports, printerId, guest)
      world.clock.now += grace
    },
  }
  return {
    world,
    actors: [...scene.actors, revoke],
    check: async () => {
      await world.said(agent, keyframeOf(9))
      const late = world.posts.filter(
        ({ to, at, text }) =>
          to === 'guest-1' && at >= startOfTime + grace && !text.includes('"error"'),
      )
      expect(late).toEqual([])
      await othersHoldState(scene)
    },
  }
}

const chooser =
  (stream: Iterator<number>): Choose =>
  (count) =>
    Number(stream.next().value) % count

const inManyOrders = (
  make: () => Promise<Scenario>,
  numRuns: number,
  variant: (table: Table) => Table = (table) => table,
) =>
  fc.assert(
    fc.asyncProperty(fc.infiniteStream(fc.nat(1000)), async (stream) => {
      const choose = chooser(stream[Symbol.iterator]())
      await runOnce(await make(), choose, { points: everywhere, variant })
    }),
    { numRuns, seed: 5, endOnFailure: true },
  )

describe('subscribe, unsubscribe, revoke and publish run at once', () => {
  it('the highest rid decides, and no frame is missed after `subscribed`', async () => {
    await inManyOrders(withoutRevocation, 300)
  })

  it('nothing is sent 5 s after the revocation, and nobody else misses anything', async () => {
    await inManyOrders(withRevocation, 300)
  })

  it.each([
    ['conditions that are read before the write', readThenWrite],
    ['conditions without rid', withoutRid],
  ])('does not hold with %s (broken variant)', async (_, variant) => {
    await expect(inManyOrders(withoutRevocation, 300, variant)).rejects.toThrow(/Property failed/)
  })
})
