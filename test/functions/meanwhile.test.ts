import { describe, expect, it } from 'vitest'
import { timeOuts } from '../../protocol/time-outs.ts'
import { keptFor } from '../../functions/relay/table/expiry.ts'
import { stateKey } from '../../functions/relay/table/keys.ts'
import type { Table } from '../../functions/relay/table/table.ts'
import { storedState } from '../model/watcher.ts'
import {
  deltaOf,
  genOf,
  helloOf,
  keyframeOf,
  makeWorld,
  owner,
  printerId,
  startOfTime,
  subscribeOf,
  type World,
} from '../model/world.ts'

const scene = async () => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  const viewer = await world.viewer('viewer-1')
  await world.said(viewer, subscribeOf(1))
  return { world, agent, viewer }
}

/** Lets something happen right before the next call of this kind on the printer's live items. */
const before = (world: World, call: 'update' | 'query', happens: () => Promise<void>): void => {
  const { live } = world.ports
  const whole: Table = { ...live }
  const first = async () => {
    Object.assign(live, whole)
    await happens()
  }
  if (call === 'update')
    live.update = async (...args) => {
      await first()
      return whole.update(...args)
    }
  else
    live.query = async (...args) => {
      await first()
      return whole.query(...args)
    }
}

const newsOf = (world: World) =>
  world.toViewer('viewer-1').flatMap((frame) => (frame.type === 'presence' ? [frame.online] : []))

describe('what changed meanwhile', () => {
  it('an agent that speaks while the watchdog judges it stays online', async () => {
    const { world, agent } = await scene()
    world.clock.now += 2.5 * 30_000 + 1
    before(world, 'update', () => world.said(agent, keyframeOf(2)))
    await world.relay.watch()
    expect(await storedState(world)).toMatchObject({ online: true, alive: '1', seq: 2 })
    expect(newsOf(world)).toEqual([])
  })

  it('nobody is told of an agent that left when another came meanwhile', async () => {
    const { world, agent } = await scene()
    const young = await world.agent('agent-2', startOfTime + 1)
    before(world, 'query', () => world.said(young, helloOf(1, { fresh: false })))
    await world.relay.disconnected(agent)
    expect(await storedState(world)).toMatchObject({ online: true, gen: genOf(young) })
    expect(newsOf(world)).toEqual([])
  })

  it('an agent that says idle although somebody watches is raised by every such frame', async () => {
    const { world, agent } = await scene()
    for (const seq of [2, 3]) {
      await world.said(agent, deltaOf(seq, 1, { mode: 'idle' }))
      expect(world.toAgent('agent-1').at(-1)).toMatchObject({ type: 'demand', viewers: 1 })
    }
    const { length } = world.toAgent('agent-1')
    await world.said(agent, deltaOf(4, 1))
    expect(world.toAgent('agent-1')).toHaveLength(length)
  })
})

describe('what comes without its beginning', () => {
  it('a viewer’s second $disconnect finds nothing and does nothing', async () => {
    const { world, viewer } = await scene()
    await world.relay.disconnected(viewer)
    await world.relay.disconnected(viewer)
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('events of an agent that owns nothing make no STATE', async () => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', startOfTime)
    const event = { src: 'source-a', m: 1, age: 0, body: { type: 'printer_connected' } } as const
    await world.said(agent, keyframeOf(2, { events: [event] }))
    expect(await world.ports.live.get(stateKey(printerId))).toBeUndefined()
    expect(world.toAgent('agent-1')).toContainEqual({ type: 'resync' })
  })
})

describe('what ran out and was not deleted yet', () => {
  it('a state of a month ago is none', async () => {
    const { world } = await scene()
    world.clock.now += keptFor.state
    expect((await world.relay.printerView(owner, printerId)).state).toBeUndefined()
    await world.said(await world.viewer('viewer-2'), subscribeOf(1))
    expect(world.toViewer('viewer-2').map(({ type }) => type)).toEqual(['subscribed'])
  })

  it('a connection is unknown once it cannot live any more', async () => {
    const { world, viewer } = await scene()
    world.clock.now += timeOuts.connectionLife + keptFor.connectionMargin
    await world.said(viewer, subscribeOf(2))
    expect(world.toViewer('viewer-1').at(-1)).toMatchObject({ code: 'unknown_connection' })
  })
})
