import { describe, expect, it } from 'vitest'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { Caller } from '../../functions/relay/caller.ts'
import {
  helloOf,
  keyframeOf,
  makeWorld,
  owner,
  printerId,
  startOfTime,
  subscribeOf,
  unsubscribeOf,
  type World,
} from '../model/world.ts'
import { watcherOf } from '../support/watcher.ts'

const signIn = 60_000
const hour = 3_600_000

/** A viewer whose sign-in ends after a minute, subscribed. */
const scene = async () => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  const viewer = await world.viewer('viewer-1', owner, startOfTime + signIn)
  await world.said(viewer, subscribeOf(1))
  let seq = 1
  const publish = async (): Promise<boolean> => {
    const before = world.posts.length
    await world.said(agent, keyframeOf(++seq))
    return world.posts.slice(before).some(({ to }) => to === 'viewer-1')
  }
  return { world, viewer, publish }
}

const renew = async (world: World, viewer: Caller, session: number) => {
  const { ticket } = await world.relay.issueTicket(watcherOf(owner, session))
  await world.said(viewer, { action: 'renew', ticket })
}

describe('frames to an expired connection stop at once', () => {
  it('at the millisecond that the sign-in ends', async () => {
    const { world, publish } = await scene()
    world.clock.now = startOfTime + signIn - 1
    expect(await publish()).toBe(true)
    world.clock.now = startOfTime + signIn
    expect(await publish()).toBe(false)
  })

  it('also when a ping renewed the lease just before', async () => {
    const { world, viewer, publish } = await scene()
    world.clock.now = startOfTime + signIn - 1
    await world.said(viewer, { action: 'ping', subs: { [printerId]: 1 } })
    expect(world.toViewer('viewer-1').at(-1)).toMatchObject({ type: 'pong', missing: [] })
    world.clock.now = startOfTime + signIn
    expect(await publish()).toBe(false)
  })
})

describe('a renewal', () => {
  it('lengthens what is on', async () => {
    const { world, viewer, publish } = await scene()
    await renew(world, viewer, startOfTime + hour)
    world.clock.now = startOfTime + signIn
    expect(await publish()).toBe(true)
  })

  it('never shortens', async () => {
    const { world, viewer, publish } = await scene()
    await renew(world, viewer, startOfTime + hour)
    await renew(world, viewer, startOfTime + signIn + 1)
    const until = startOfTime + hour
    expect(world.toViewer('viewer-1').at(-1)).toEqual({ type: 'renewed', until })
    world.clock.now = startOfTime + signIn + 2
    expect(await publish()).toBe(true)
  })

  it('brings nothing back that ran out', async () => {
    const { world, viewer, publish } = await scene()
    await renew(world, viewer, startOfTime + hour)
    world.clock.now = startOfTime + timeOuts.lease
    await renew(world, viewer, startOfTime + 2 * hour)
    expect(await publish()).toBe(false)
  })

  it('brings nothing back that was unsubscribed', async () => {
    const { world, viewer, publish } = await scene()
    // Its entry in the connection outlives it when the handler is killed in between.
    const { live } = world.ports
    const whole = { ...live }
    live.update = async (key, change, when) =>
      key.pk.startsWith('C#') ? 'refused' : whole.update(key, change, when)
    await world.said(viewer, unsubscribeOf(2))
    Object.assign(live, whole)
    await renew(world, viewer, startOfTime + hour)
    expect(await publish()).toBe(false)
    expect(await world.ports.live.get({ pk: `P#${printerId}`, sk: 'SUB#viewer-1' })).toMatchObject({
      until: startOfTime + timeOuts.tombstone,
    })
  })
})
