import { gunzipSync } from 'node:zlib'
import { get } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { appendEvents } from '../../functions/relay/past/append-events.ts'
import { storeHistory } from '../../functions/relay/past/store-history.ts'
import type { RelayClient } from '../../client/relay-client.ts'
import { encodeColumn } from '../../protocol/history-codec.ts'
import { historyAnswerSchema } from '../../protocol/rest-history.ts'
import {
  connectClient,
  demoToken,
  startTestRelay,
  viewWhere,
  type TestRelay,
} from '../support/relay.ts'

let relay: TestRelay
let token: string
let client: RelayClient
let id: string

beforeAll(async () => {
  relay = await startTestRelay({ agent: false })
  token = await demoToken(relay.origin)
  client = connectClient(relay.origin, token)
  client.start()
  id = (await client.printers()).printers[0]?.id ?? ''
})
afterAll(async () => {
  client.stop()
  await relay.remove()
})

const append = (from: number, bodies: readonly ('job_started' | 'job_complete')[]) =>
  appendEvents(
    relay.relay.ports,
    id,
    bodies.map((type, i) => ({ src: 'source-a', m: from + i, at: Date.now(), body: { type } })),
  )

it('brings events by REST and the socket to a client, and prints by page', async () => {
  await append(1, ['job_started', 'job_complete', 'job_started'])
  const watch = client.watch(id)
  const eventsOf = (count: number) => (view: ReturnType<RelayClient['state']>) => {
    const events = view.printers[id]?.events
    return events && events.length >= count ? events.map(({ n }) => n) : undefined
  }
  expect(await viewWhere(client, eventsOf(3))).toEqual([1, 2, 3])
  const heard: number[] = []
  client.onEvent(({ n }) => heard.push(n))
  await append(4, ['job_complete'])
  // No agent, so no frame tells of it: a new look does.
  client.stop()
  client.start()
  expect(await viewWhere(client, eventsOf(4))).toEqual([1, 2, 3, 4])
  expect(heard).toEqual([4])
  expect((await client.prints(id)).prints).toMatchObject([
    { n: 3, outcome: 'complete' },
    { n: 1, outcome: 'complete' },
  ])
  watch.unwatch()
})

const getRaw = (path: string, headers: Record<string, string>) =>
  new Promise<{ status: number | undefined; encoding: string | undefined; body: Buffer }>(
    (resolve, reject) => {
      get(relay.origin + path, { headers }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('end', () =>
          resolve({
            status: answer.statusCode,
            encoding: answer.headers['content-encoding'],
            body: Buffer.concat(parts),
          }),
        )
      }).on('error', reject)
    },
  )

it('answers history gzipped over HTTP, the same as plain', async () => {
  const length = 300
  const values = Array.from({ length }, (_, i) => 2000 + (i % 40))
  const columns = { 'tool0.actual': encodeColumn(values) }
  const chunk = { chunk: 1, age: length * 1000, step: 1000, length, columns }
  await storeHistory(relay.relay.ports, id, 'instance-a', chunk)
  const path = `/v1/printers/${id}/history?resolution=1000`
  const authorization = `Bearer ${token}`
  const zipped = await getRaw(path, { authorization, 'accept-encoding': 'gzip' })
  expect(zipped).toMatchObject({ status: 200, encoding: 'gzip' })
  const answer = historyAnswerSchema.parse(JSON.parse(gunzipSync(zipped.body).toString()))
  expect(answer.at.length).toBeGreaterThanOrEqual(length)
  expect(zipped.body.length).toBeLessThan(4_000)
  const plain = await getRaw(path, { authorization })
  expect(plain.encoding).toBeUndefined()
  const { columns: same } = historyAnswerSchema.parse(JSON.parse(plain.body.toString()))
  expect(same).toEqual(answer.columns)
  expect((await client.history(id, { resolution: 60_000 })).covered).toBeGreaterThan(0)
})

it('refuses whoever has not signed in', async () => {
  for (const what of ['events', 'history', 'prints'])
    expect((await getRaw(`/v1/printers/${id}/${what}`, {})).status).toBe(401)
})
