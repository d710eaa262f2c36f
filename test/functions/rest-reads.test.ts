import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventPageSchema } from '../../protocol/rest-events.ts'
import { historyAnswerSchema } from '../../protocol/rest-history.ts'
import { printPageSchema } from '../../protocol/rest-prints.ts'
import { errorBodySchema } from '../../protocol/error-frame.ts'
import { limits } from '../../protocol/limits.ts'
import { appendEvents, type NewEvent } from '../../functions/relay/past/append-events.ts'
import { eventsHandler } from '../../functions/handlers/events.ts'
import { historyHandler } from '../../functions/handlers/history.ts'
import type { HttpEvent } from '../../functions/handlers/http.ts'
import { printsHandler } from '../../functions/handlers/prints.ts'
import { storeHistory } from '../../functions/relay/past/store-history.ts'
import { revokeOnPrinter } from '../../functions/relay/people/revoke-people.ts'
import { makeWorld, owner, printerId, startOfTime, type World } from '../model/world.ts'

const day = 24 * 3_600_000

const request = (
  query: Record<string, string | undefined> = {},
  more: { headers?: object; id?: string; sub?: string } = {},
): HttpEvent =>
  ({
    routeKey: 'GET /v1/printers/{id}',
    headers: more.headers ?? {},
    queryStringParameters: query,
    pathParameters: { id: more.id ?? printerId },
    requestContext: {
      requestId: 'request-1',
      authorizer: {
        jwt: { claims: { sub: more.sub ?? 'owner', exp: '4000000000', iat: '1600000000' } },
      },
    },
  }) as unknown as HttpEvent

const happened = (m: number, at = startOfTime + m): NewEvent => ({
  src: 'source-a',
  m,
  at,
  body: { type: 'job_paused', name: `file-${m}` },
})

const withEvents = async (count: number): Promise<World> => {
  const world = await makeWorld()
  const events = Array.from({ length: count }, (_, i) => happened(i + 1))
  await appendEvents(world.ports, printerId, events)
  return world
}

const page = async (world: World, query: Record<string, string>) => {
  const answer = await eventsHandler(world.relay)(request(query))
  expect(answer.statusCode).toBe(200)
  const { events, ...rest } = eventPageSchema.parse(JSON.parse(answer.body))
  return { ns: events.map(({ n }) => n), ...rest }
}

describe('GET events', () => {
  it('pages the log from a cursor, oldest first, to its head', async () => {
    const world = await withEvents(5)
    expect(await page(world, { after: '0', limit: '2' })).toMatchObject({
      ns: [1, 2],
      next: 2,
      head: 5,
    })
    expect(await page(world, { after: '4', limit: '2' })).toMatchObject({
      ns: [5],
      next: 5,
      head: 5,
    })
    expect(await page(world, { after: '5' })).toMatchObject({ ns: [], next: 5, head: 5 })
  })

  it('gives the newest page without a cursor, and those before it', async () => {
    const world = await withEvents(5)
    expect(await page(world, { limit: '2' })).toMatchObject({
      ns: [4, 5],
      next: 5,
      head: 5,
      before: 4,
    })
    expect(await page(world, { limit: '3', before: '4' })).toEqual(
      expect.objectContaining({ ns: [1, 2, 3], next: 3, head: 5 }),
    )
    expect(await page(world, { before: '1' })).toMatchObject({ ns: [], head: 5 })
  })

  it('of an empty log is empty', async () => {
    const world = await makeWorld()
    expect(await page(world, {})).toMatchObject({ ns: [], next: 0, head: 0 })
    expect(await page(world, { after: '0' })).toMatchObject({ ns: [], next: 0, head: 0 })
  })

  it('leads past what has expired or is damaged, and never loses the newest', async () => {
    const world = await withEvents(4)
    const key = { pk: `E#${printerId}`, sk: '0000000000003' }
    await world.ports.directory.update(key, { set: [['body', 'not JSON']] })
    expect(await page(world, { after: '1' })).toMatchObject({ ns: [2, 4], next: 4 })
    world.clock.now += 91 * day
    expect(await page(world, { after: '0', limit: '2' })).toMatchObject({
      ns: [],
      next: 2,
      head: 4,
    })
    expect(await page(world, { after: '2', limit: '2' })).toMatchObject({
      ns: [4],
      next: 4,
      head: 4,
    })
    const newest = await page(world, {})
    expect(newest).toMatchObject({ ns: [4], next: 4, head: 4 })
    expect(newest.before).toBeUndefined()
  })

  it('answers 304 while nothing was appended, whatever the clock says', async () => {
    const world = await withEvents(2)
    const first = await eventsHandler(world.relay)(request())
    world.clock.now += 1000
    const headers = { 'if-none-match': first.headers['ETag'] }
    expect(await eventsHandler(world.relay)(request({}, { headers }))).toMatchObject({
      statusCode: 304,
    })
    await appendEvents(world.ports, printerId, [happened(3)])
    expect(await eventsHandler(world.relay)(request({}, { headers }))).toMatchObject({
      statusCode: 200,
    })
  })
})

const chunk = (length: number, n = 0) => ({
  ...{ chunk: n, age: length * 1000, step: 1000, length },
  columns: { 'tool0.actual': [2000, 1, 1, length - 1], 'bed.actual': [600, 1, 0, length - 1] },
})

const history = async (world: World, query: Record<string, string>, headers = {}) => {
  const answer = await historyHandler(world.relay)(request(query, { headers }))
  expect(answer.statusCode).toBe(200)
  const text = answer.isBase64Encoded ? gunzipSync(Buffer.from(answer.body, 'base64')) : answer.body
  return { answer, body: historyAnswerSchema.parse(JSON.parse(text.toString())) }
}

describe('GET history', () => {
  it('gives least, highest and mean of each bucket, and up to when it knows', async () => {
    const world = await makeWorld()
    await storeHistory(world.ports, printerId, 'instance-a', chunk(20))
    const from = String(startOfTime - 20_000)
    const { body } = await history(world, { from, to: String(startOfTime), resolution: '10000' })
    expect(body).toMatchObject({
      at: [startOfTime - 20_000, startOfTime - 10_000],
      columns: {
        'tool0.actual': { min: [200, 201], max: [200.9, 201.9], mean: [200.45, 201.45] },
        'bed.actual': { min: [60, 60], max: [60, 60], mean: [60, 60] },
      },
      covered: startOfTime,
    })
  })

  it('gives the last half hour when nothing is said, at a width that fits', async () => {
    const world = await makeWorld()
    await storeHistory(world.ports, printerId, 'instance-a', chunk(300))
    const { body } = await history(world, {})
    expect(body.resolution).toBe(5000)
    expect(body.at).toHaveLength(60)
    expect(body.to - body.from).toBeGreaterThanOrEqual(30 * 60_000)
  })

  it('is gzipped when that is taken and pays, and says so', async () => {
    const world = await makeWorld()
    await storeHistory(world.ports, printerId, 'instance-a', chunk(300))
    const plain = await history(world, {})
    const zipped = await history(world, {}, { 'Accept-Encoding': 'br, gzip;q=0.5' })
    expect(zipped.answer.headers).toMatchObject({
      'Content-Encoding': 'gzip',
      Vary: 'Accept-Encoding',
    })
    expect(zipped.body).toEqual(plain.body)
    expect(zipped.answer.body.length).toBeLessThan(plain.answer.body.length / 2)
    for (const refused of ['gzip;q=0', 'br', ''])
      expect(
        (await history(world, {}, { 'accept-encoding': refused })).answer.isBase64Encoded,
      ).toBe(undefined)
  })

  it('forgets after seven days, though the items are still there', async () => {
    const world = await makeWorld()
    await storeHistory(world.ports, printerId, 'instance-a', chunk(20))
    world.clock.now += 7 * day
    const { body } = await history(world, { from: '0', resolution: '600000' })
    expect(body).toMatchObject({ at: [], columns: {} })
    expect(body.covered).toBeUndefined()
  })

  it('goes on beside a damaged chunk', async () => {
    const world = await makeWorld()
    await storeHistory(world.ports, printerId, 'instance-a', chunk(20))
    const [item] = (await world.ports.directory.query({ pk: `T#${printerId}` })).items
    await world.ports.directory.put({
      ...item,
      ...{ pk: `T#${printerId}`, sk: `${item?.sk}x`, chunk: 9, columns: '{"tool0.actual":[1,99]}' },
    })
    expect((await history(world, {})).body.at.length).toBeGreaterThan(0)
  })
})

describe('GET prints', () => {
  it('pages records, newest first', async () => {
    const world = await makeWorld()
    const bodies = Array.from({ length: 5 }, (_, i) => [
      { type: 'job_started', name: `file-${i}` } as const,
      { type: 'job_complete', printTime: 60_000 } as const,
    ]).flat()
    const events = bodies.map((body, i) => ({
      src: 'source-a',
      m: i + 1,
      at: startOfTime + i,
      body,
    }))
    await appendEvents(world.ports, printerId, events)
    const read = async (query: Record<string, string>) => {
      const answer = await printsHandler(world.relay)(request(query))
      return printPageSchema.parse(JSON.parse(answer.body))
    }
    const first = await read({ limit: '2' })
    expect(first.prints).toMatchObject([
      { n: 9, outcome: 'complete', name: 'file-4', printTime: 60_000, start: startOfTime + 8 },
      { n: 7, name: 'file-3', end: startOfTime + 7 },
    ])
    const second = await read({ limit: '2', before: String(first.before) })
    const third = await read({ limit: '2', before: String(second.before) })
    expect([...second.prints, ...third.prints].map(({ n }) => n)).toEqual([5, 3, 1])
    expect(third.before).toBeUndefined()
  })
})

const handlers = { events: eventsHandler, history: historyHandler, prints: printsHandler }

describe.each(Object.entries(handlers))('%s', (_, handler) => {
  it.each([
    [{ id: 'printer-2' }, 404, 'not_found'],
    [{ id: '../etc' }, 404, 'not_found'],
    [{ sub: 'somebody' }, 404, 'not_found'],
    [{ sub: '' }, 401, 'unauthenticated'],
  ])('refuses %j', async (more, status, code) => {
    const world = await withEvents(1)
    const answer = await handler(world.relay)(request({}, more))
    expect(answer.statusCode).toBe(status)
    expect(errorBodySchema.parse(JSON.parse(answer.body)).error.code).toBe(code)
  })

  it('shows nothing more to whom the right was withdrawn', async () => {
    const world = await withEvents(1)
    const asGuest = () => handler(world.relay)(request({}, { sub: 'guest' }))
    expect(await asGuest()).toMatchObject({ statusCode: 200 })
    await revokeOnPrinter(world.ports, printerId, 'user:guest')
    expect(await asGuest()).toMatchObject({ statusCode: 404 })
  })

  it('answers any query with a page or a clear refusal', async () => {
    const world = await withEvents(3)
    await storeHistory(world.ports, printerId, 'instance-a', chunk(20))
    const odd = fc.oneof(
      fc.string(),
      fc.nat().map(String),
      fc.constantFrom('-1', '1e9', '0', '0x1', '1,2', ' 1', '9'.repeat(15), '1000', 'NaN'),
    )
    const name = fc.constantFrom(
      'after',
      'before',
      'limit',
      'from',
      'to',
      'resolution',
      '__proto__',
    )
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, odd), async (query) => {
        const answer = await handler(world.relay)(request(query))
        expect([200, 400]).toContain(answer.statusCode)
        if (answer.statusCode === 400)
          expect(errorBodySchema.parse(JSON.parse(answer.body)).error).toMatchObject({
            code: 'bad_request',
            retryable: false,
          })
      }),
      { numRuns: 200 },
    )
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([])
  })
})

it.each([
  [eventsHandler, { after: '1', before: '2' }],
  [eventsHandler, { limit: '0' }],
  [historyHandler, { from: '5', to: '5' }],
  [historyHandler, { resolution: '999' }],
  [historyHandler, { from: String(startOfTime - 6 * day), resolution: '1000' }],
  [printsHandler, { before: 'x' }],
])('refuses a query that means nothing (%#)', async (handler, query) => {
  const world = await makeWorld()
  expect(await handler(world.relay)(request(query))).toMatchObject({ statusCode: 400 })
})

it('gives no more events than a page holds, however many are asked for', async () => {
  const world = await withEvents(limits.eventsPerPage + 1)
  const wish = { kind: 'newest', below: undefined, limit: limits.eventsPerPage } as const
  expect((await world.relay.events(owner, printerId, wish)).events).toHaveLength(100)
  expect((await page(world, { after: '0', limit: '9999' })).ns).toHaveLength(100)
})
