import { describe, expect, it } from 'vitest'
import type { EventWish } from '../../functions/relay/past/read-events.ts'
import { replicaOf, storedReplica, storedState } from '../model/watcher.ts'
import {
  deltaOf,
  genOf,
  guest,
  helloOf,
  keyframeOf,
  makeWorld,
  owner,
  printerId,
  startOfTime,
  stateOf,
  subscribeOf,
  unsubscribeOf,
  type World,
  type WorldOptions,
} from '../model/world.ts'
import { revokeOnPrinter } from '../../functions/relay/people/revoke-people.ts'
import { revokeToken } from '../../functions/relay/publishing/revoke.ts'
import { watcherOf } from '../support/watcher.ts'

type Make = () => Promise<World>

/** What the relay owes agents and viewers, whatever its tables are. */
export function relayContract(name: string, tables: () => Promise<WorldOptions>): void {
  const make: Make = async () => makeWorld(await tables())
  describe(`relay over ${name}`, () => {
    frames(make)
    owners(make)
    rights(make)
    reads(make)
  })
}

const rooms = async (make: Make) => {
  const world = await make()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  const viewer = await world.viewer('viewer-1')
  return { world, agent, viewer }
}

const event = (m: number) =>
  ({ src: 'source-a', m, age: 500, body: { type: 'job_started', name: 'benchy.gcode' } }) as const

function frames(make: Make): void {
  it('welcomes an agent, shows its frames to a viewer and acknowledges', async () => {
    const { world, agent, viewer } = await rooms(make)
    expect(world.toAgent('agent-1')).toEqual([
      { type: 'welcome', seq: 1, hwm: {}, viewers: 0, interval: 1000 },
    ])
    await world.said(viewer, subscribeOf(1))
    await world.said(agent, deltaOf(2, 1))
    await world.said(agent, keyframeOf(3, { ack: true }))
    const standing = { printerId, gen: genOf(agent), mode: 'watched', interval: 30_000 }
    const always = { ...standing, type: 'state', online: true, relayAt: world.clock.now, ev: 0 }
    const patch = { progress: { completion: 2 } }
    expect(world.toViewer('viewer-1')).toEqual([
      { ...always, kind: 'snapshot', seq: 1, k: 1, agentNow: 1000, full: stateOf(1) },
      { type: 'subscribed', printerId, rid: 1, head: 0, now: world.clock.now },
      { ...always, kind: 'delta', seq: 2, k: 1, agentNow: 2000, patch },
      { ...always, kind: 'keyframe', seq: 3, k: 3, agentNow: 2000, full: stateOf(3) },
    ])
    const ack = { type: 'ack', seq: 3, hwm: {}, viewers: 1, interval: 1000 }
    expect(world.toAgent('agent-1').at(-1)).toEqual(ack)
    expect(replicaOf(world.toViewer('viewer-1')).held).toEqual(await storedReplica(world))
  })

  it('logs events once under dense numbers, and tells the marks', async () => {
    const { world, agent, viewer } = await rooms(make)
    await world.said(viewer, subscribeOf(1))
    await world.said(agent, deltaOf(2, 1, { events: [event(1), event(2)] }))
    await world.said(agent, deltaOf(3, 1, { events: [event(2), event(3)] }))
    await world.said(agent, deltaOf(4, 1, { ack: true }))
    const events = world.toViewer('viewer-1').filter(({ type }) => type === 'event')
    const at = world.clock.now - 500
    expect(events).toEqual(
      [1, 2, 3].map((n) => ({ type: 'event', printerId, n, at, body: event(n).body })),
    )
    expect(world.toAgent('agent-1').at(-1)).toMatchObject({ seq: 4, hwm: { 'source-a': 3 } })
    expect(await storedState(world)).toMatchObject({ ev: 3, seq: 4 })
  })

  it('wakes an idle agent when somebody subscribes', async () => {
    const { world, agent, viewer } = await rooms(make)
    await world.said(agent, keyframeOf(2, { mode: 'idle', ack: true }))
    await world.said(viewer, subscribeOf(1))
    expect(world.toAgent('agent-1').at(-1)).toMatchObject({ type: 'demand', viewers: 1 })
    await world.said(agent, keyframeOf(3, { mode: 'idle' }))
    expect(world.toAgent('agent-1').at(-1)).toMatchObject({ type: 'demand', viewers: 1 })
  })

  it('keeps what was unsubscribed off, though the subscribe comes late', async () => {
    const { world, agent, viewer } = await rooms(make)
    await world.said(viewer, unsubscribeOf(2))
    await world.said(viewer, subscribeOf(1))
    await world.said(agent, keyframeOf(2))
    expect(world.toViewer('viewer-1')).toEqual([])
  })
}

function reads(make: Make): void {
  const body = (m: number) =>
    m % 2 === 1
      ? ({ type: 'job_started', name: `${m}` } as const)
      : ({ type: 'job_complete' } as const)
  const sent = (m: number) => ({ src: 'source-a', m, age: 0, body: body(m) })

  it('pages the log forwards from a cursor and backwards from its head', async () => {
    const { world, agent } = await rooms(make)
    await world.said(agent, deltaOf(2, 1, { events: [1, 2, 3, 4, 5].map(sent) }))
    const page = async (wish: EventWish) => {
      const { events, next, head, before } = await world.relay.events(owner, printerId, wish)
      return { ns: events.map(({ n }) => n), next, head, before }
    }
    const common = { head: 5, before: undefined }
    expect(await page({ kind: 'after', cursor: 1, limit: 2 })).toEqual({
      ns: [2, 3],
      next: 3,
      ...common,
    })
    expect(await page({ kind: 'after', cursor: 3, limit: 2 })).toEqual({
      ns: [4, 5],
      next: 5,
      ...common,
    })
    expect(await page({ kind: 'after', cursor: 5, limit: 2 })).toEqual({
      ns: [],
      next: 5,
      ...common,
    })
    const newest = { ns: [4, 5], next: 5, head: 5, before: 4 }
    expect(await page({ kind: 'newest', below: undefined, limit: 2 })).toEqual(newest)
    expect(await page({ kind: 'newest', below: 2, limit: 2 })).toEqual({
      ns: [1],
      next: 1,
      ...common,
    })
  })

  it('keeps one record for each print, and pages them', async () => {
    const { world, agent } = await rooms(make)
    await world.said(agent, deltaOf(2, 1, { events: [1, 2, 3].map(sent) }))
    await world.said(agent, deltaOf(3, 1, { events: [1, 2, 3, 4, 5].map(sent) }))
    const first = await world.relay.prints(owner, printerId, { before: undefined, limit: 2 })
    expect(first).toMatchObject({
      prints: [
        { n: 5, outcome: 'running' },
        { n: 3, outcome: 'complete', name: '3' },
      ],
      before: 3,
    })
    const second = await world.relay.prints(owner, printerId, { before: 3, limit: 2 })
    expect(second.prints).toMatchObject([{ n: 1, outcome: 'complete' }])
    expect(second.before).toBeUndefined()
  })

  it('keeps the longest of each chunk of temperatures, and answers a range', async () => {
    const { world, agent } = await rooms(make)
    const chunk = (length: number, n: number) => ({
      ...{ chunk: n, age: 60_000 - n * 10_000, step: 1000, length },
      columns: { 'bed.actual': [600 + n, 1, 0, length - 1] },
    })
    await world.said(agent, deltaOf(2, 1, { history: chunk(10, 0) }))
    await world.said(agent, deltaOf(3, 1, { history: chunk(4, 1) }))
    await world.said(agent, deltaOf(4, 1, { history: chunk(10, 1) }))
    await world.said(agent, deltaOf(5, 1, { history: chunk(7, 1) }))
    const from = world.clock.now - 60_000
    const wish = { from, to: from + 30_000, resolution: 10_000 }
    expect(await world.relay.history(owner, printerId, wish)).toMatchObject({
      at: [from, from + 10_000],
      columns: { 'bed.actual': { mean: [60, 60.1] } },
      covered: from + 20_000,
    })
    await expect(world.relay.history('user:nobody', printerId, wish)).rejects.toMatchObject({
      code: 'not_found',
    })
  })
}

function owners(make: Make): void {
  it('lets the newest connection own, and an older frame change nothing', async () => {
    const { world, agent } = await rooms(make)
    const young = await world.agent('agent-2', startOfTime + 1)
    await world.said(young, helloOf(1, { instance: 'instance-b' }))
    world.open.add('agent-1')
    await world.said(agent, keyframeOf(2))
    await world.relay.disconnected(agent)
    expect(world.toAgent('agent-1').map(({ type }) => type)).toEqual([
      'welcome',
      'closing',
      'closing',
    ])
    expect(await storedState(world)).toMatchObject({
      ...{ gen: genOf(young), seq: 1, online: true, past: ['instance-a'] },
    })
  })

  it('finds a silent agent and tells of it', async () => {
    const { world } = await rooms(make)
    world.clock.now += 76_000
    await world.relay.watch()
    expect(await storedState(world)).toMatchObject({ online: false, ev: 1 })
    expect((await world.ports.live.alive()).keys).toEqual([])
  })
}

function rights(make: Make): void {
  it('uses a ticket up once', async () => {
    const world = await make()
    const { ticket } = await world.relay.issueTicket(watcherOf(owner, world.clock.now + 1e6))
    const handshake = { authorization: undefined, ticket, origin: undefined }
    expect(await world.relay.authorize(handshake)).toMatchObject({ principal: owner })
    await expect(world.relay.authorize(handshake)).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('shows and posts nothing more to whom the right was withdrawn', async () => {
    const { world, agent } = await rooms(make)
    const viewer = await world.viewer('viewer-2', guest)
    await world.said(viewer, subscribeOf(1))
    await revokeOnPrinter(world.ports, printerId, guest)
    await world.said(agent, keyframeOf(2))
    expect(world.toViewer('viewer-2').at(-1)).toEqual({ type: 'closing', reason: 'access_revoked' })
    expect((await world.relay.listPrinters(guest)).printers).toEqual([])
    expect((await world.relay.listPrinters(owner)).printers).toMatchObject([{ id: printerId }])
  })

  it('ends an agent whose token was withdrawn', async () => {
    const { world, agent } = await rooms(make)
    await revokeToken(world.ports, printerId, 1)
    expect(await storedState(world)).toMatchObject({ st: 'off', online: false })
    expect(world.toAgent('agent-1').at(-1)).toEqual({ type: 'closing', reason: 'token_revoked' })
    world.open.add('agent-1')
    await world.said(agent, helloOf(2))
    expect(world.toAgent('agent-1').at(-1)).toEqual({ type: 'closing', reason: 'token_revoked' })
  })
}
