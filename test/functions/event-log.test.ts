import { describe, expect, it } from 'vitest'
import { appendEvents, hwmOf, type NewEvent } from '../../functions/relay/past/append-events.ts'
import {
  eventItemSchema,
  markedWith,
  type EventItem,
} from '../../functions/relay/past/event-item.ts'
import type { Ports } from '../../functions/relay/ports.ts'
import type { Table } from '../../functions/relay/table/table.ts'
import { mortal, says } from '../model/actors.ts'
import { readThenWrite } from '../model/broken.ts'
import { breaks, explore, type Actor, type Point, type Scenario } from '../model/explore.ts'
import { storedState } from '../model/watcher.ts'
import {
  helloOf,
  keyframeOf,
  makeWorld,
  printerId,
  startOfTime,
  subscribeOf,
  type World,
} from '../model/world.ts'

const body = { type: 'printer_connected' } as const
const eventOf = (src: string, m: number, age = 0) => ({ src, m, age, body })
const newEvent = (src: string, m: number, at = startOfTime): NewEvent => ({ src, m, at, body })

const logOf = async (world: World): Promise<EventItem[]> => {
  const { items } = await world.ports.directory.query({ pk: `E#${printerId}` })
  return items.map((item) => eventItemSchema.parse(item))
}

const points = ({ when, ...point }: Point): boolean =>
  when === 'before' &&
  'key' in point &&
  (point.key.pk ?? '').startsWith('E#') &&
  point.call !== 'update'

const appends = (name: string, ...events: NewEvent[]): Actor => ({
  name,
  run: async (_, ports) => {
    await appendEvents(ports, printerId, events)
  },
})

/** Dense from 1, each event once, in the order of its source. */
const expectExact = async (world: World, expected: Record<string, number>): Promise<void> => {
  const log = await logOf(world)
  expect(log.map(({ n }) => n)).toEqual(log.map((_, i) => i + 1))
  for (const [src, count] of Object.entries(expected)) {
    const marks = log.filter((event) => event.src === src).map(({ m }) => m)
    expect(marks).toEqual(Array.from({ length: count }, (_, i) => i + 1))
  }
}

describe('property 7: the event log', () => {
  it('is dense and exact when two sources append at once', async () => {
    const make = async (): Promise<Scenario> => {
      const world = await makeWorld()
      return {
        world,
        actors: [
          appends('a', newEvent('source-a', 1), newEvent('source-a', 2)),
          appends('b', newEvent('source-b', 1), newEvent('source-b', 2)),
        ],
        check: () => expectExact(world, { 'source-a': 2, 'source-b': 2 }),
      }
    }
    expect(await explore(make, { points })).toBeGreaterThan(15)
    expect(await breaks(make, { points, variant: readThenWrite })).toBe(true)
  })

  it('has each event once when a batch is sent twice and a handler is killed', async () => {
    await explore(
      async () => {
        const world = await makeWorld()
        const batch = [newEvent('source-a', 1), newEvent('source-a', 2)]
        return {
          world,
          actors: [mortal(appends('first', ...batch)), mortal(appends('again', ...batch))],
          check: async () => {
            await appendEvents(world.ports, printerId, batch)
            await expectExact(world, { 'source-a': 2 })
          },
        }
      },
      { points: (point) => point.when === 'before' },
    )
  })

  it('is shown once and in order to a reader who pages by the dense number', async () => {
    expect(await breaks(reading(denseReader), { points })).toBe(false)
  })

  it('is not, to one who pages by time (broken variant)', async () => {
    expect(await breaks(reading(timeReader), { points })).toBe(true)
  })

  it('tells the mark after a gap, and what is known stays single', async () => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    await world.said(agent, keyframeOf(2, { events: [eventOf('source-a', 1)] }))
    await world.said(agent, keyframeOf(3, { events: [eventOf('source-a', 3)] }))
    await world.said(agent, keyframeOf(4, { events: [eventOf('source-a', 1)] }))
    const acks = world.toAgent('agent-1').filter(({ type }) => type === 'ack')
    expect(acks.map((ack) => 'hwm' in ack && ack.hwm)).toEqual([
      { 'source-a': 1 },
      { 'source-a': 1 },
      { 'source-a': 1 },
    ])
    await expectExact(world, { 'source-a': 1 })
  })

  it('keeps events and acknowledges them though the state is refused', async () => {
    const world = await makeWorld()
    const old = await world.agent('agent-1', startOfTime)
    await world.said(old, helloOf(1))
    const young = await world.agent('agent-2', startOfTime + 1)
    await world.said(young, helloOf(1, { fresh: false }))
    world.open.add('agent-1')
    const viewer = await world.viewer('viewer-1')
    await world.said(viewer, subscribeOf(1))
    await world.said(old, keyframeOf(2, { events: [eventOf('source-a', 1, 700)] }))
    expect(world.toAgent('agent-1').slice(-2)).toEqual([
      { type: 'ack', seq: 1, hwm: { 'source-a': 1 }, viewers: 1, interval: 1000 },
      { type: 'redial' },
    ])
    expect(world.toViewer('viewer-1').at(-1)).toEqual({
      ...{ type: 'event', printerId, n: 1, at: startOfTime - 700, body },
    })
    expect(await storedState(world)).toMatchObject({ ev: 1, seq: 1 })
  })

  it('gives a frame the head of the log, and a new STATE too', async () => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    await world.said(
      agent,
      keyframeOf(2, { events: [eventOf('source-a', 1), eventOf('source-a', 2)] }),
    )
    await world.ports.live.delete({ pk: `P#${printerId}`, sk: 'STATE' })
    await world.said(agent, keyframeOf(3))
    expect(world.toAgent('agent-1').at(-1)).toEqual({ type: 'resync' })
    await world.said(agent, helloOf(4))
    expect(world.toAgent('agent-1').at(-1)).toMatchObject({
      type: 'welcome',
      hwm: { 'source-a': 2 },
    })
    const viewer = await world.viewer('viewer-1')
    await world.said(viewer, subscribeOf(1))
    await world.said(agent, keyframeOf(5))
    expect(world.toViewer('viewer-1').map((frame) => 'ev' in frame && frame.ev)).toEqual([
      2,
      false,
      2,
    ])
  })

  it('lets all expire but the newest', async () => {
    const world = await makeWorld()
    await appendEvents(
      world.ports,
      printerId,
      [1, 2, 3].map((m) => newEvent('source-a', m)),
    )
    expect((await logOf(world)).map(({ expiresAt }) => expiresAt !== undefined)).toEqual([
      true,
      true,
      false,
    ])
  })

  it('knows an event again though nine other sources came since, and tells its mark', async () => {
    const world = await makeWorld()
    const append = (...events: NewEvent[]) => appendEvents(world.ports, printerId, events)
    await append(newEvent('source-old', 1), newEvent('source-old', 2))
    for (let n = 1; n <= 9; n++) await append(newEvent(`source-${n}`, 1))
    const again = await append(newEvent('source-old', 1), newEvent('source-old', 2))
    expect(again.added).toEqual([])
    expect(hwmOf(again.head)).toMatchObject({ 'source-old': 2 })
    expect((await append(newEvent('source-old', 2), newEvent('source-old', 3))).added).toHaveLength(
      1,
    )
    await expectExact(world, { 'source-old': 3, 'source-9': 1 })
  })

  it('is not searched for a source while none was pushed out', async () => {
    const world = await makeWorld()
    await appendEvents(world.ports, printerId, [newEvent('source-1', 1)])
    let queries = 0
    const directory: Table = {
      ...world.ports.directory,
      query: (query) => (queries++, world.ports.directory.query(query)),
    }
    await appendEvents({ ...world.ports, directory }, printerId, [newEvent('source-2', 1)])
    expect(queries).toBe(1)
  })

  it('keeps the marks of the last eight sources, and always the relay’s own', () => {
    const sources = Array.from({ length: 9 }, (_, i) => `source-${i}`)
    const marks = ['relay', ...sources].reduce<EventItem['hwm']>(
      (held, src) => markedWith(held, src, 1),
      [],
    )
    expect(marks.map(({ src }) => src)).toEqual(['relay', ...sources.slice(1)])
  })
})

// Two writers, the second's clock behind; a reader looks in between and at the end.
type Reader = (table: Table, seen: string[]) => Promise<void>
const reading = (makeReader: () => Reader) => async (): Promise<Scenario> => {
  const world = await makeWorld()
  const seen: string[] = []
  const read = makeReader()
  const reader = (_: unknown, { directory }: Ports) => read(directory, seen)
  return {
    world,
    actors: [
      appends('a', newEvent('source-a', 1, startOfTime + 5)),
      appends('b', newEvent('source-b', 1, startOfTime)),
      { name: 'reader', run: reader },
    ],
    check: async () => {
      await read(world.ports.directory, seen)
      expect([...seen].sort()).toEqual(['source-a', 'source-b'])
    },
  }
}
const denseReader = (): Reader => {
  let cursor = 0
  return async (table, seen) => {
    const { items } = await table.query({ pk: `E#${printerId}` })
    for (const { n, src } of items.map((item) => eventItemSchema.parse(item)))
      if (n > cursor) {
        expect(n).toBe(cursor + 1)
        cursor = n
        seen.push(src)
      }
  }
}
const timeReader = (): Reader => {
  let cursor = 0
  return async (table, seen) => {
    const { items } = await table.query({ pk: `E#${printerId}` })
    const events = items.map((item) => eventItemSchema.parse(item)).filter(({ at }) => at > cursor)
    for (const { at, src } of events) {
      cursor = Math.max(cursor, at)
      seen.push(src)
    }
  }
}

it('shows what an agent of old was saying when its handler is killed after the log', async () => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  const make = async (): Promise<Scenario> => ({
    world,
    actors: [mortal(says('publish', agent, keyframeOf(2, { events: [eventOf('source-a', 1)] })))],
    check: () => {},
  })
  await explore(make, { points: ({ when }) => when === 'before' })
  await world.said(agent, keyframeOf(99, { events: [eventOf('source-a', 1)] }))
  expect(await storedState(world)).toMatchObject({ ev: 1, seq: 99 })
  expect(world.toAgent('agent-1').at(-1)).toMatchObject({ type: 'ack', hwm: { 'source-a': 1 } })
})
