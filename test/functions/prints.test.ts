import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventBodySchema, type EventBody } from '../../protocol/printer-event.ts'
import { printRecordSchema, type PrintRecord } from '../../protocol/rest-prints.ts'
import { appendEvents, type NewEvent } from '../../functions/relay/past/append-events.ts'
import { eventItemSchema } from '../../functions/relay/past/event-item.ts'
import { printStep, type PrintEvent } from '../../functions/relay/past/print-fold.ts'
import type { Table } from '../../functions/relay/table/table.ts'
import { mortal } from '../model/actors.ts'
import { breaks, explore, type Actor, type Point, type Scenario } from '../model/explore.ts'
import { makeWorld, owner, printerId, startOfTime, type World } from '../model/world.ts'

const day = 24 * 3_600_000
const wish = { before: undefined, limit: 50 } as const

const of = (src: string, bodies: readonly EventBody[]): NewEvent[] =>
  bodies.map((body, i) => ({ src, m: i + 1, at: startOfTime + i * 1000, body }))

const started = (name: string) => ({ type: 'job_started', name }) as const
const complete = {
  type: 'job_complete',
  printTime: 5000,
  highest: { 'tool0.actual': 215.5 },
} as const
const failed = { type: 'job_failed', reason: 'cancelled' } as const

/** Every record of a whole log (in order of `n`), by its number. */
const printsOf = (events: readonly PrintEvent[]): PrintRecord[] => {
  const records = new Map<number, PrintRecord>()
  let open: PrintRecord | undefined
  for (const event of events) {
    const step = printStep(open, event)
    open = step.open
    for (const record of step.records) records.set(record.n, record)
  }
  return [...records.values()].sort((a, b) => a.n - b.n)
}

const rebuilt = async (world: World): Promise<PrintRecord[]> => {
  const { items } = await world.ports.directory.query({ pk: `E#${printerId}` })
  const events = items.map((item) => eventItemSchema.parse(item))
  return printsOf(
    events.map(({ n, at, body }) => ({ n, at, body: eventBodySchema.parse(JSON.parse(body)) })),
  )
}

const stored = async (world: World): Promise<PrintRecord[]> => {
  const { items } = await world.ports.directory.query({ pk: `J#${printerId}` })
  return items.map(({ record }) => printRecordSchema.parse(JSON.parse(record as string)))
}

const read = async (world: World) =>
  (await world.relay.prints(owner, printerId, wish)).prints.toReversed()

describe('the record of a print', () => {
  it('holds file, times, outcome and what the end tells', async () => {
    const world = await makeWorld()
    await appendEvents(
      world.ports,
      printerId,
      of('source-a', [started('a'), complete, started('b'), failed]),
    )
    expect(await read(world)).toEqual([
      {
        n: 1,
        outcome: 'complete',
        name: 'a',
        start: startOfTime,
        end: startOfTime + 1000,
        printTime: 5000,
        highest: { 'tool0.actual': 215.5 },
      },
      {
        n: 3,
        outcome: 'failed',
        reason: 'cancelled',
        name: 'b',
        start: startOfTime + 2000,
        end: startOfTime + 3000,
      },
    ])
  })

  it('runs while it runs, and is unknown when its end was lost', async () => {
    const world = await makeWorld()
    await appendEvents(world.ports, printerId, of('source-a', [started('a'), started('b')]))
    expect(await read(world)).toMatchObject([
      { n: 1, outcome: 'unknown' },
      { n: 2, outcome: 'running' },
    ])
  })

  it('is made of the end alone when the beginning was lost', async () => {
    const world = await makeWorld()
    await appendEvents(world.ports, printerId, of('source-a', [{ ...failed, name: 'a' }]))
    expect(await read(world)).toEqual([
      { n: 1, outcome: 'failed', reason: 'cancelled', name: 'a', end: startOfTime },
    ])
  })

  it('is kept for a year, or as the operator says', async () => {
    const world = await makeWorld()
    await appendEvents(world.ports, printerId, of('source-a', [started('a'), complete]))
    world.clock.now += 364 * day
    expect(await read(world)).toHaveLength(1)
    const { ports } = world
    const short = { ...ports, keepPrintsMs: 7 * day, now: () => startOfTime + 364 * day }
    await appendEvents(short, printerId, [
      { src: 'source-b', m: 1, at: short.now(), body: started('b') },
      { src: 'source-b', m: 2, at: short.now(), body: failed },
      { src: 'source-b', m: 3, at: short.now(), body: { type: 'printer_connected' } },
    ])
    world.clock.now += 6 * day
    expect(await read(world)).toMatchObject([{ name: 'b' }])
    world.clock.now += 2 * day
    expect(await read(world)).toEqual([])
  })
})

const logAndPrints = ({ when, ...point }: Point): boolean =>
  when === 'before' &&
  'key' in point &&
  /^[EJ]#/.test(point.key.pk ?? '') &&
  point.call !== 'update'

const appends = (name: string, ...events: NewEvent[]): Actor => ({
  name,
  run: async (_, ports) => {
    await appendEvents(ports, printerId, events)
  },
})

describe('print records and the log', () => {
  const make = async (): Promise<Scenario> => {
    const world = await makeWorld()
    const batch = of('source-a', [started('a'), complete, { type: 'printer_connected' }])
    return {
      world,
      actors: [mortal(appends('first', ...batch.slice(0, 1))), mortal(appends('again', ...batch))],
      check: async () => {
        expect(await read(world)).toEqual(await rebuilt(world))
        await appendEvents(world.ports, printerId, batch)
        expect(await stored(world)).toEqual(await rebuilt(world))
        expect(await stored(world)).toHaveLength(1)
      },
    }
  }

  it('agree when handlers overtake one another and are killed anywhere', async () => {
    expect(await explore(make, { points: logAndPrints })).toBeGreaterThan(100)
  })

  it('do not, where a late beginning may replace the end (broken variant)', async () => {
    const careless = (table: Table): Table => ({
      ...table,
      put: (item, when) => table.put(item, item.pk.startsWith('J#') ? undefined : when),
    })
    expect(await breaks(make, { points: logAndPrints, variant: careless })).toBe(true)
  })

  it('agree after any events, in any batches, with any of them sent again', async () => {
    const body = fc.constantFrom<EventBody>(
      started('a'),
      started('b'),
      complete,
      failed,
      { type: 'job_paused' },
      { type: 'printer_connected' },
    )
    const batches = fc.array(fc.record({ upTo: fc.nat(12), from: fc.nat(12) }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fc.array(body, { maxLength: 12 }), batches, async (bodies, plan) => {
        const world = await makeWorld()
        const events = of('source-a', bodies)
        for (const { from, upTo } of [...plan, { from: 0, upTo: bodies.length }]) {
          await appendEvents(world.ports, printerId, events.slice(from, upTo))
          expect(await read(world)).toEqual(await rebuilt(world))
        }
        expect(await stored(world)).toEqual(await rebuilt(world))
      }),
      { numRuns: 150 },
    )
  })
})
