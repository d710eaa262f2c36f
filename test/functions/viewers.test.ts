import { describe, expect, it } from 'vitest'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { BroadcastBatch } from '../../functions/relay/watching/broadcast-batch.ts'
import { subscriptionKey } from '../../functions/relay/table/keys.ts'
import {
  deltaOf,
  genOf,
  guest,
  helloOf,
  keyframeOf,
  makeWorld,
  owner,
  printerId,
  siteId,
  startOfTime,
  subscribeOf,
  unsubscribeOf,
} from '../model/world.ts'

const rooms = async () => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  const viewer = await world.viewer('viewer-1')
  await world.said(viewer, subscribeOf(1))
  return { world, agent, viewer }
}
const subOf = (connectionId: string) => subscriptionKey(printerId, connectionId)

describe('sync', () => {
  it('answers with one snapshot, and asks the agent anew when it is to be fresh', async () => {
    const { world, viewer } = await rooms()
    const before = world.toViewer('viewer-1').length
    await world.said(viewer, { action: 'sync', printerId, rid: 1 })
    expect(world.toViewer('viewer-1').slice(before)).toMatchObject([
      { kind: 'snapshot', seq: 1 },
      { type: 'subscribed', rid: 1 },
    ])
    expect(world.toAgent('agent-1').at(-1)).toMatchObject({ type: 'welcome' })
    await world.said(viewer, { action: 'sync', printerId, rid: 1, fresh: true })
    expect(world.toAgent('agent-1').at(-1)).toMatchObject({ type: 'demand', viewers: 1 })
  })

  it('names what is not subscribed, and is silent when a newer request decides', async () => {
    const { world, viewer } = await rooms()
    await world.said(viewer, { action: 'sync', printerId, rid: 2 })
    expect(world.toViewer('viewer-1').at(-1)).toMatchObject({ type: 'pong', missing: [printerId] })
    await world.said(viewer, unsubscribeOf(3))
    const before = world.posts.length
    await world.said(viewer, { action: 'sync', printerId, rid: 2 })
    expect(world.posts.length).toBe(before)
  })
})

describe('ping', () => {
  it('renews what is on and names what is missing', async () => {
    const { world, agent, viewer } = await rooms()
    world.clock.now += timeOuts.lease - 1
    const subs = { [printerId]: 1, 'printer-2': 1 }
    await world.said(viewer, { action: 'ping', subs })
    expect(world.toViewer('viewer-1').at(-1)).toMatchObject({
      type: 'pong',
      missing: ['printer-2'],
    })
    world.clock.now += timeOuts.lease - 1
    await world.said(agent, keyframeOf(2))
    expect(world.toViewer('viewer-1').at(-1)).toMatchObject({ kind: 'keyframe' })
  })

  it('does not bring a lease back that ran out', async () => {
    const { world, agent, viewer } = await rooms()
    world.clock.now += timeOuts.lease
    await world.said(viewer, { action: 'ping', subs: { [printerId]: 1 } })
    expect(world.toViewer('viewer-1').at(-1)).toMatchObject({ type: 'pong', missing: [printerId] })
    const before = world.toViewer('viewer-1').length
    await world.said(agent, keyframeOf(2))
    expect(world.toViewer('viewer-1').length).toBe(before)
  })
})

describe('when $disconnect never comes, or comes late', () => {
  it('a viewer who is gone is forgotten by the next 410', async () => {
    const { world, agent } = await rooms()
    world.open.delete('viewer-1')
    await world.said(agent, deltaOf(2, 1))
    expect(await world.ports.live.get(subOf('viewer-1'))).toBeUndefined()
  })

  it('a 410 does not delete a subscription that was made since', async () => {
    const { world } = await rooms()
    world.open.delete('viewer-1')
    const targets = [{ conn: 'viewer-1', rid: 0.5, view: 'full' as const }]
    await world.relay.broadcast({ printerId, frames: { full: ['{}'] }, targets })
    expect(await world.ports.live.get(subOf('viewer-1'))).toMatchObject({ rid: 1 })
  })

  it('a viewer’s $disconnect takes its subscriptions along, and only its own', async () => {
    const { world, viewer } = await rooms()
    await world.said(await world.viewer('viewer-2'), subscribeOf(1))
    await world.relay.disconnected(viewer)
    expect(await world.ports.live.get(subOf('viewer-1'))).toBeUndefined()
    expect(await world.ports.live.get(subOf('viewer-2'))).toMatchObject({ st: 'on' })
  })

  it('a 429 drops the frame for that viewer alone', async () => {
    const { world, agent } = await rooms()
    await world.said(await world.viewer('viewer-2'), subscribeOf(1))
    world.faults.set('viewer-1', 'throttled')
    await world.said(agent, deltaOf(2, 1))
    world.faults.clear()
    await world.said(agent, deltaOf(3, 1))
    const seqs = (id: string) => world.toViewer(id).flatMap((one) => ('seq' in one ? one.seq : []))
    expect(seqs('viewer-1')).toEqual([1, 3])
    expect(seqs('viewer-2')).toEqual([1, 2, 3])
  })

  it('an agent that left is shown as offline, also after its welcome met a 410', async () => {
    const { world, agent } = await rooms()
    await world.relay.disconnected(agent)
    const presence = { type: 'presence', printerId, gen: genOf(agent), seq: 1, online: false }
    expect(world.toViewer('viewer-1').at(-1)).toEqual(presence)
    const young = await world.agent('agent-2', startOfTime + 1)
    world.open.delete('agent-2')
    await world.said(young, helloOf(1, { fresh: false }))
    expect(world.toViewer('viewer-1').slice(-2)).toMatchObject([
      { kind: 'keyframe', online: true },
      { type: 'presence', gen: genOf(young), online: false },
    ])
  })

  it('a frame of an agent that was declared gone brings it back by a resync', async () => {
    const { world, agent } = await rooms()
    await world.relay.disconnected(agent)
    await world.said(agent, keyframeOf(2))
    expect(world.toAgent('agent-1').at(-1)).toEqual({ type: 'resync' })
  })
})

describe('a large audience', () => {
  it('is served in batches of 250, each frame to each viewer once', async () => {
    const { world, agent } = await rooms()
    for (let i = 0; i < 600; i++) {
      world.open.add(`many-${i}`)
      const until = world.clock.now + 1e6
      const item = { rid: 1, st: 'on', who: owner, view: 'full', until, expiresAt: until }
      await world.ports.live.put({ ...subOf(`many-${i}`), ...item })
    }
    const batches: number[] = []
    Object.assign(world.ports, {
      invokeBroadcast: async (batch: BroadcastBatch) => {
        batches.push(batch.targets.length)
        await world.relay.broadcast(batch)
      },
    })
    await world.said(agent, keyframeOf(2, { ack: true }))
    expect(batches).toEqual([250, 250, 101])
    expect(world.posts.filter(({ to }) => to.startsWith('many-')).length).toBe(600)
    expect(world.toAgent('agent-1').at(-1)).toMatchObject({ viewers: 601, interval: 2000 })
  })

  it('drops what a batch could not post within its deadline', async () => {
    const { world } = await rooms()
    const { sender } = world.ports
    const posted: string[] = []
    Object.assign(world.ports, {
      sender: {
        ...sender,
        send: async (to: string) => {
          posted.push(to)
          world.clock.now += 100
          return 'sent' as const
        },
      },
    })
    const view = 'full' as const
    const targets = Array.from({ length: 200 }, (_, i) => ({ conn: `c-${i}`, rid: 1, view }))
    await world.relay.broadcast({ printerId, frames: { full: ['{}'] }, targets })
    expect(posted.length).toBeLessThan(100)
  })
})

describe('a damaged item', () => {
  it('of one viewer harms no other', async () => {
    const { world, agent } = await rooms()
    await world.ports.live.put({ ...subOf('viewer-0'), rid: 'odd' })
    await world.said(agent, deltaOf(2, 1))
    expect(world.toViewer('viewer-1').at(-1)).toMatchObject({ kind: 'delta' })
    expect(world.logged.at(-1)).toMatchObject({ level: 'error', fields: { code: 'damaged_item' } })
  })

  it.each([{ kf: '{' }, { seq: 'odd' }, { past: 7 }])(
    'STATE %j is replaced by the next hello',
    async (damage) => {
      const { world, agent } = await rooms()
      const key = { pk: `P#${printerId}`, sk: 'STATE' }
      await world.ports.live.update(key, { set: Object.entries(damage) })
      const other = await world.viewer('viewer-2')
      await world.said(other, subscribeOf(1))
      expect(world.toViewer('viewer-2')).toMatchObject([{ type: 'subscribed' }])
      expect((await world.relay.printerView(owner, printerId)).state).toBeUndefined()
      await world.said(agent, helloOf(5))
      expect(world.toAgent('agent-1').at(-1)).toMatchObject({ type: 'welcome', seq: 5 })
      expect((await world.relay.printerView(owner, printerId)).state).toMatchObject({ seq: 5 })
    },
  )
})

describe('printers', () => {
  it('are listed by mirrors and shown by the truth', async () => {
    const { world } = await rooms()
    const idsOf = async (who: string) =>
      (await world.relay.listPrinters(who)).printers.map(({ id, role }) => [id, role])
    expect(await idsOf(owner)).toEqual([[printerId, 'owner']])
    expect(await idsOf(guest)).toEqual([[printerId, 'viewer']])
    expect(await idsOf('user:nobody')).toEqual([])
    await world.ports.directory.put({ pk: 'U#user:nobody', sk: `S#${siteId}`, at: 1 })
    expect(await idsOf('user:nobody')).toEqual([])
    const mirror = await world.ports.directory.get({ pk: 'U#user:nobody', sk: `S#${siteId}` })
    expect(mirror).toBeUndefined()
  })

  it('that one may not see do not exist', async () => {
    const { world } = await rooms()
    await expect(world.relay.printerView('user:nobody', printerId)).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
