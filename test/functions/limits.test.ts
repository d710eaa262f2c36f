import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ticketsHandler } from '../../functions/handlers/tickets.ts'
import { connectHandler } from '../../functions/handlers/connect.ts'
import { connectionKey, stateKey } from '../../functions/relay/table/keys.ts'
import { takeFrom, takeToken, type Bucket } from '../../functions/relay/limits/rate-limit.ts'
import { rateLimits } from '../../functions/relay/limits/rate-limits.ts'
import { updateTaking } from '../../functions/relay/limits/riding-bucket.ts'
import { present } from '../../functions/relay/table/condition.ts'
import { subprotocol } from '../../protocol/version.ts'
import { explore, type Scenario } from '../model/explore.ts'
import { storedState } from '../model/watcher.ts'
import {
  deltaOf,
  guest,
  helloOf,
  keyframeOf,
  lastsLong,
  makeWorld,
  owner,
  printerId,
  startOfTime,
  subscribeOf,
  type World,
} from '../model/world.ts'

const bucket: fc.Arbitrary<Bucket> = fc.record({
  everyMs: fc.integer({ min: 1, max: 5000 }),
  burst: fc.integer({ min: 1, max: 50 }),
})

/** In any window there are no more than the burst and what came back meanwhile. */
const expectWithin = (taken: readonly number[], { everyMs, burst }: Bucket): void => {
  taken.forEach((from, i) => {
    taken.slice(i).forEach((to, more) => {
      expect(more + 1).toBeLessThanOrEqual(burst + Math.floor((to - from) / everyMs))
    })
  })
}

const waits = fc.array(fc.nat(8000), { maxLength: 80 })

describe('a bucket', () => {
  it('never gives more than its burst and one each so many ms, in any window', () => {
    fc.assert(
      fc.property(bucket, waits, (one, times) => {
        let now = startOfTime
        let fullAt: number | undefined
        const taken: number[] = []
        for (const wait of times) {
          now += wait
          const result = takeFrom(one, fullAt, now)
          if (!result.taken) continue
          fullAt = result.fullAt
          taken.push(now)
        }
        expectWithin(taken, one)
      }),
    )
  })

  it('gives one when it said that it would, and none a millisecond earlier', () => {
    fc.assert(
      fc.property(bucket, fc.nat(100_000), (one, ahead) => {
        const now = startOfTime
        const fullAt = now + ahead
        const result = takeFrom(one, fullAt, now)
        if (result.taken) return
        expect(takeFrom(one, fullAt, now + result.retryAfter).taken).toBe(true)
        expect(takeFrom(one, fullAt, now + result.retryAfter - 1).taken).toBe(false)
      }),
    )
  })

  it('gives the same where it rides on another write', async () => {
    await fc.assert(
      fc.asyncProperty(bucket, waits, async (one, times) => {
        const world = await makeWorld()
        const key = connectionKey('c')
        await world.ports.live.put({ ...key, expiresAt: lastsLong })
        let fullAt: number | undefined
        for (const wait of times) {
          world.clock.now += wait
          const { now } = world.clock
          const expected = takeFrom(one, fullAt, now)
          const write = { change: {}, when: present('pk') }
          const riding = { bucket: { path: 'due', bucket: one }, now }
          const outcome = await updateTaking(world.ports.live, key, write, riding)
          expect(outcome === 'done').toBe(expected.taken)
          if (expected.taken) fullAt = expected.fullAt
          expect((await world.ports.live.get(key))?.['due']).toBe(fullAt)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('gives no token twice to those who come at once', async () => {
    const few = { everyMs: 1000, burst: 2 }
    await explore(
      async (): Promise<Scenario> => {
        const world = await makeWorld()
        let given = 0
        const takes = (name: string) => ({
          name,
          run: async (_: unknown, ports: World['ports']) => {
            await takeToken(ports, 'them', few, 'tries').then(
              () => (given += 1),
              () => undefined,
            )
          },
        })
        return {
          world,
          actors: [takes('one'), takes('two'), takes('three')],
          check: () => expect(given).toBeLessThanOrEqual(few.burst),
        }
      },
      { points: ({ when }) => when === 'before' },
    )
  })
})

const errorsTo = (world: World, id: string) =>
  world.posts
    .filter(({ to, text }) => to === id && text.includes('"type":"error"'))
    .map(({ text }): unknown => JSON.parse(text))

describe('subscribes and syncs of one connection', () => {
  const { burst, everyMs } = rateLimits.asks

  it('are refused with when to come again, and the subscription stays as it is', async () => {
    const world = await makeWorld()
    await world.said(await world.agent('agent-1', startOfTime), helloOf(1))
    const viewer = await world.viewer('viewer-1')
    await world.said(viewer, subscribeOf(1))
    const sync = { action: 'sync', printerId, rid: 1 }
    for (let n = 1; n < burst; n += 1) await world.said(viewer, sync)
    expect(errorsTo(world, 'viewer-1')).toEqual([])
    await world.said(viewer, sync)
    await world.said(viewer, subscribeOf(2))
    expect(errorsTo(world, 'viewer-1')).toMatchObject([
      { code: 'rate_limited', retryable: true, retryAfter: everyMs, printerId, rid: 1 },
      { code: 'rate_limited', retryAfter: everyMs, printerId, rid: 2 },
    ])
    const item = await world.ports.live.get({ pk: `P#${printerId}`, sk: 'SUB#viewer-1' })
    expect(item).toMatchObject({ rid: 1, st: 'on' })
    const other = await world.viewer('viewer-2')
    await world.said(other, subscribeOf(1))
    expect(errorsTo(world, 'viewer-2')).toEqual([])
    world.clock.now += everyMs
    await world.said(viewer, sync)
    expect(errorsTo(world, 'viewer-1')).toHaveLength(2)
  })

  it('are all let in when a page subscribes to all its printers at once', async () => {
    const world = await makeWorld()
    const viewer = await world.viewer('viewer-1')
    await Promise.all(Array.from({ length: 64 }, (_, n) => world.said(viewer, subscribeOf(n + 1))))
    expect(errorsTo(world, 'viewer-1')).toEqual([])
  })
})

describe('state frames of one printer', () => {
  const { burst, everyMs } = rateLimits.publishes
  const flooded = async () => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    for (let n = 0; n < burst; n += 1) await world.said(agent, deltaOf(n + 2, 1))
    expect(errorsTo(world, 'agent-1')).toEqual([])
    expect((await storedState(world)).seq).toBe(burst + 1)
    return { world, agent }
  }

  it('are refused with when to come again, with all that rides on them', async () => {
    const { world, agent } = await flooded()
    const event = { src: 'source-a', m: 1, age: 0, body: { type: 'printer_connected' } } as const
    await world.said(agent, deltaOf(burst + 2, 1, { events: [event] }))
    expect(errorsTo(world, 'agent-1')).toMatchObject([
      { code: 'rate_limited', retryAfter: everyMs, printerId },
    ])
    expect((await storedState(world)).seq).toBe(burst + 1)
    expect((await world.ports.directory.query({ pk: `E#${printerId}` })).items).toEqual([])
    expect(world.toAgent('agent-1')).not.toContainEqual({ type: 'resync' })
    world.clock.now += everyMs
    await world.said(agent, deltaOf(burst + 3, 1, { events: [event] }))
    expect((await storedState(world)).seq).toBe(burst + 3)
    expect((await world.ports.directory.query({ pk: `E#${printerId}` })).items).toHaveLength(1)
  })

  it('that are not stored are counted on the connection', async () => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(5))
    // The hello took one itself.
    for (let n = 1; n < rateLimits.unstored.burst; n += 1) await world.said(agent, keyframeOf(2))
    expect(errorsTo(world, 'agent-1')).toEqual([])
    await world.said(agent, keyframeOf(2))
    await world.said(agent, helloOf(9))
    expect(errorsTo(world, 'agent-1')).toMatchObject([
      { code: 'rate_limited', retryAfter: rateLimits.unstored.everyMs },
      { code: 'rate_limited', retryAfter: rateLimits.unstored.everyMs },
    ])
    world.clock.now += rateLimits.unstored.everyMs
    await world.said(agent, helloOf(10))
    expect((await storedState(world)).seq).toBe(10)
  })

  it('take no token from a bucket that is full but once, in every order', async () => {
    await explore(
      async (): Promise<Scenario> => {
        const world = await makeWorld()
        const agent = await world.agent('agent-1', startOfTime)
        await world.said(agent, helloOf(1))
        const publishes = (seq: number) => ({
          name: `publish ${seq}`,
          run: () => Promise.resolve(),
          ...{ frame: deltaOf(seq, 1) },
        })
        return {
          world,
          actors: [2, 3].map((seq) => ({
            ...publishes(seq),
            run: (relay) => relay.said(agent, JSON.stringify(deltaOf(seq, 1))),
          })),
          check: async () => {
            const state = await storedState(world)
            expect(state.seq).toBe(3)
            expect([everyMs, 2 * everyMs]).toContain((state.due ?? 0) - startOfTime)
          },
        }
      },
      { points: (point) => 'key' in point && point.key.sk === 'STATE' && point.when === 'before' },
    )
  })

  it('of one printer touch no other state', async () => {
    const { world } = await flooded()
    expect((await world.ports.live.get(stateKey(printerId)))?.['due']).toBe(
      startOfTime + burst * everyMs,
    )
    await world.relay.issueTicket({ principal: owner, session: lastsLong, signedAt: startOfTime })
  })
})

describe('handshakes and tickets', () => {
  const connect = (world: World, n: number, principal = owner) =>
    connectHandler(world.relay)({
      headers: { 'sec-websocket-protocol': subprotocol },
      requestContext: {
        ...{ connectionId: `c${n}`, connectedAt: 5, requestId: 'r' },
        authorizer: { principal, kind: 'viewer', until: String(lastsLong) },
      },
    })

  it('are refused with 429 and when to come again, for that principal alone', async () => {
    const world = await makeWorld()
    const { burst, everyMs } = rateLimits.connects
    for (let n = 0; n < burst; n += 1) {
      expect((await connect(world, n)).statusCode).toBe(200)
      await world.relay.disconnected({
        ...{ connectionId: `c${n}`, connectedAt: 5, requestId: 'r', kind: 'viewer' },
        ...{ principal: owner, until: lastsLong, signedAt: undefined, tok: undefined },
      })
    }
    const over = await connect(world, 99)
    const retryAfter = String(everyMs / 1000)
    expect(over).toMatchObject({ statusCode: 429, headers: { 'Retry-After': retryAfter } })
    expect(JSON.parse(over.body)).toMatchObject({
      error: { code: 'rate_limited', retryAfter: everyMs },
    })
    expect((await connect(world, 99, guest)).statusCode).toBe(200)
    world.clock.now += everyMs
    expect((await connect(world, 99)).statusCode).toBe(200)
  })

  it('have their tickets limited, too', async () => {
    const world = await makeWorld()
    const { burst, everyMs } = rateLimits.tickets
    const ask = (sub: string) =>
      ticketsHandler(world.relay)({
        ...{ routeKey: 'POST /v1/tickets', headers: {} },
        requestContext: {
          ...{ requestId: 'r', http: { sourceIp: '192.0.2.1' } },
          authorizer: { jwt: { claims: { sub, exp: lastsLong / 1000, iat: 1_700_000_000 } } },
        },
      })
    for (let n = 0; n < burst; n += 1) expect((await ask('owner')).statusCode).toBe(200)
    const over = await ask('owner')
    expect(over.statusCode).toBe(429)
    expect(over.headers['Retry-After']).toBe(String(everyMs / 1000))
    expect((await ask('guest')).statusCode).toBe(200)
    world.clock.now += everyMs
    expect((await ask('owner')).statusCode).toBe(200)
  })

  it('have changes limited for each person', async () => {
    const world = await makeWorld()
    const { burst, everyMs } = rateLimits.changes
    const may = (principal: string) =>
      world.relay.mayChange({
        ...{ principal, session: lastsLong, signedAt: 0, email: undefined, name: undefined },
      })
    for (let n = 0; n < burst; n += 1) await may(owner)
    await expect(may(owner)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: everyMs })
    await may(guest)
  })
})
