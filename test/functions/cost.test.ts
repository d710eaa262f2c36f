import { describe, expect, it } from 'vitest'
import type { Table } from '../../functions/relay/table/table.ts'
import { scheduled } from '../support/scheduled-table.ts'
import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import {
  deltaOf,
  helloOf,
  keyframeOf,
  makeWorld,
  startOfTime,
  subscribeOf,
  unsubscribeOf,
} from '../model/world.ts'
import { watcherOf } from '../support/watcher.ts'

const counting =
  (counts: Record<string, number>) =>
  (table: Table): Table => {
    const count = (name: keyof Table): void => {
      counts[name] = (counts[name] ?? 0) + 1
    }
    return scheduled(table, {
      turn: async ({ when, call }) => {
        if (when === 'before') count(call)
      },
    })
  }

const running = async () => {
  const counts: Record<string, number> = {}
  const world = await makeWorld({ through: counting(counts) })
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  for (const id of ['viewer-1', 'viewer-2', 'viewer-3'])
    await world.said(await world.viewer(id), subscribeOf(1))
  const costOf = async (frame: object): Promise<Record<string, number>> => {
    // An agent sends one frame a second: its bucket is full each time.
    world.clock.now += 1000
    for (const name of Object.keys(counts)) delete counts[name]
    await world.said(agent, frame)
    return { ...counts }
  }
  return { world, agent, costOf }
}

const event = (m: number) => ({ src: 'source-a', m, age: 0, body: { type: 'printer_connected' } })

describe('property 13: the price of a publish', () => {
  it('is one write and one query, for three viewers as for one', async () => {
    const { costOf } = await running()
    expect(await costOf(deltaOf(2, 1))).toEqual({ update: 1, query: 1 })
    expect(await costOf(keyframeOf(3))).toEqual({ update: 1, query: 1 })
  })

  it('has no read more for an ack, once STATE has the log’s marks', async () => {
    const { costOf } = await running()
    await costOf(keyframeOf(2, { events: [event(1)] as never }))
    expect(await costOf(deltaOf(3, 2, { ack: true }))).toEqual({ update: 1, query: 1 })
  })

  it('has a read only when refused, and counts that frame on its connection', async () => {
    const { costOf } = await running()
    await costOf(keyframeOf(5))
    expect(await costOf(deltaOf(3, 1))).toEqual({ update: 2, get: 1 })
  })

  it('has a read and a second try for a frame on the heels of another', async () => {
    const { world, agent, costOf } = await running()
    await world.said(agent, deltaOf(2, 1))
    world.clock.now -= 1000
    expect(await costOf(deltaOf(3, 1))).toEqual({ update: 2, get: 1, query: 1 })
  })

  it('has for an event batch one write for STATE and the log’s own', async () => {
    const { costOf } = await running()
    const cost = await costOf(keyframeOf(2, { events: [event(1), event(2)] as never }))
    // update: state, head of the log, expiry of the event before; query: audience, head.
    expect(cost).toEqual({ update: 3, query: 2, put: 2 })
  })

  it('has one put more for what begins or ends a print, again before the next event', async () => {
    const { costOf } = await running()
    const begun = { src: 'source-a', m: 1, age: 0, body: { type: 'job_started' } }
    expect(await costOf(keyframeOf(2, { events: [begun] as never }))).toMatchObject({ put: 2 })
    expect(await costOf(keyframeOf(3, { events: [event(2)] as never }))).toMatchObject({ put: 2 })
    expect(await costOf(keyframeOf(4, { events: [event(3)] as never }))).toMatchObject({ put: 1 })
  })
})

describe('property 13: what lives', () => {
  it('is no more than printers, connections, subscriptions, and what has not run out', async () => {
    const live = memoryTable()
    const world = await makeWorld({ live })
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    for (let i = 0; i < 5; i++) {
      const viewer = await world.viewer(`viewer-${i}`)
      await world.said(viewer, subscribeOf(1))
      if (i % 2 === 0) await world.said(viewer, unsubscribeOf(2))
      await world.relay.issueTicket(watcherOf(viewer.principal, viewer.until))
      if (i < 3) await world.relay.disconnected(viewer)
    }
    const alive = (now: number) =>
      live.items().filter(({ expiresAt }) => Number(expiresAt) * 1000 > now).length
    expect(live.items().every(({ expiresAt }) => typeof expiresAt === 'number')).toBe(true)
    const principals = 2
    // State, agent, two viewers, one subscription on, a list of connections for each principal;
    // five tickets, the buckets of their rate and of the connections', and three tombstones.
    expect(alive(world.clock.now)).toBe(1 + 1 + 2 + 1 + principals + 5 + 1 + principals + 3)
    expect(alive(world.clock.now + timeOuts.tombstone)).toBe(1 + 1 + 2 + 1 + principals)
    expect(alive(world.clock.now + timeOuts.lease)).toBe(1 + 1 + 2 + principals)
  })
})
