import { expect, it } from 'vitest'
import { newConnectionId } from '../../../local/gateway/connection-id.ts'
import { ManualClock } from './manual-clock.ts'
import { recordingRoutes } from './rig.ts'
import { useRigs } from './rigs.ts'

const { start, startRecording } = useRigs()

const idShape = /^[A-Za-z0-9_-]{15}=$/

it('gives CONNECT the fields of the cloud and no others', async () => {
  const clock = new ManualClock(Date.UTC(2026, 1, 9, 12, 3, 4))
  const rig = await startRecording({ timers: clock, now: clock.now, domainName: 'relay.test' })
  await rig.open({ query: '?a=1&b=2&a=3', headers: { 'X-Own': 'yes', 'user-agent': 'curl/8' } })
  const { requestContext, ...event } = await rig.connects.next()
  expect(requestContext).toEqual({
    routeKey: '$connect',
    eventType: 'CONNECT',
    extendedRequestId: requestContext.requestId,
    requestTime: '09/Feb/2026:12:03:04 +0000',
    messageDirection: 'IN',
    stage: 'ws',
    connectedAt: clock.now(),
    requestTimeEpoch: clock.now(),
    identity: { sourceIp: '127.0.0.1', userAgent: 'curl/8' },
    requestId: expect.stringMatching(idShape) as string,
    domainName: 'relay.test',
    connectionId: expect.stringMatching(idShape) as string,
    apiId: 'local',
  })
  expect(event).toMatchObject({
    headers: { 'X-Own': 'yes' },
    multiValueHeaders: { 'X-Own': ['yes'] },
    queryStringParameters: { a: '3', b: '2' },
    multiValueQueryStringParameters: { a: ['1', '3'], b: ['2'] },
    isBase64Encoded: false,
  })
})

it('leaves queryStringParameters out when the query is empty', async () => {
  const rig = await startRecording()
  for (const query of ['', '?']) {
    await rig.open({ query })
    const event = await rig.connects.next()
    expect(event).not.toHaveProperty('queryStringParameters')
    expect(event).not.toHaveProperty('multiValueQueryStringParameters')
  }
})

it('gives MESSAGE a messageId and the body, and neither headers nor query', async () => {
  const rig = await startRecording()
  const client = await rig.open({ query: '?a=1' })
  client.say('{"action":"hello","text":"żółw"}')
  const event = await rig.messages.next()
  expect(Object.keys(event).sort()).toEqual(['body', 'isBase64Encoded', 'requestContext'])
  expect(event.body).toBe('{"action":"hello","text":"żółw"}')
  const { messageId, routeKey, eventType, requestId } = event.requestContext
  expect({ routeKey, eventType }).toEqual({ routeKey: 'hello', eventType: 'MESSAGE' })
  expect(messageId).toMatch(idShape)
  expect(requestId).toMatch(idShape)
})

it('gives DISCONNECT the code and the reason of the close frame', async () => {
  const rig = await startRecording()
  const client = await rig.open()
  client.socket.close(4001, 'off home')
  const { requestContext } = await rig.disconnects.next()
  expect(requestContext).toMatchObject({
    routeKey: '$disconnect',
    eventType: 'DISCONNECT',
    disconnectStatusCode: 4001,
    disconnectReason: 'off home',
  })
})

it.each([
  ['a close without code', 1005, (close: (code?: number) => void) => close()],
  ['a plain close', 1000, (close: (code?: number) => void) => close(1000)],
])('tells $disconnect of %s as %i', async (_what, code, leave) => {
  const rig = await startRecording()
  const client = await rig.open()
  leave((given) => client.socket.close(given))
  const { requestContext } = await rig.disconnects.next()
  expect(requestContext.disconnectStatusCode).toBe(code)
})

it('tells $disconnect of an abnormal end as 1006, best effort', async () => {
  const rig = await startRecording()
  const client = await rig.open()
  client.socket.terminate()
  const { requestContext } = await rig.disconnects.next()
  expect(requestContext.disconnectStatusCode).toBe(1006)
})

it("carries the authorizer's context as strings on every later event, $disconnect too", async () => {
  const { routes, connects, messages, disconnects } = recordingRoutes()
  const authorizer = async () => ({
    principalId: 'user-1',
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
    },
    context: { printer: 'p1', until: 1_800_000_000_000, guest: false, nothing: null },
  })
  const rig = await start({ handlers: { authorizer, routes } })
  const client = await rig.open()
  client.say({ action: 'hello' })
  const message = await messages.next()
  client.socket.close()
  const events = [await connects.next(), message, await disconnects.next()]
  for (const { requestContext } of events) {
    expect(requestContext.authorizer).toEqual({
      principalId: 'user-1',
      printer: 'p1',
      until: '1800000000000',
      guest: 'false',
    })
  }
})

it('keeps handlers from changing what the next event carries', async () => {
  const { routes, messages } = recordingRoutes()
  const authorizer = async () => ({
    principalId: 'user-1',
    policyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
  })
  const $connect = async ({ requestContext }: { requestContext: { authorizer?: object } }) => {
    Object.assign(requestContext.authorizer ?? {}, { principalId: 'forged' })
    return { statusCode: 200 }
  }
  const rig = await start({ handlers: { authorizer, routes: { ...routes, $connect } } })
  const client = await rig.open()
  client.say('x')
  expect((await messages.next()).requestContext.authorizer).toEqual({ principalId: 'user-1' })
})

it('keeps connectedAt and connectionId over all events of a connection', async () => {
  const rig = await startRecording()
  const client = await rig.open()
  client.say('x')
  const message = await rig.messages.next()
  client.socket.close()
  const events = [await rig.connects.next(), message, await rig.disconnects.next()]
  expect(new Set(events.map((event) => event.requestContext.connectedAt)).size).toBe(1)
  expect(new Set(events.map((event) => event.requestContext.connectionId)).size).toBe(1)
  expect(new Set(events.map((event) => event.requestContext.requestId)).size).toBe(3)
})

it('lets connectedAt strictly rise in one millisecond, with the clock set back, over a restart', async () => {
  const clock = new ManualClock(1_000_000)
  const first = await startRecording({ timers: clock, now: clock.now })
  const times: number[] = []
  for (const step of [0, 0, -500, 3]) {
    clock.advance(step)
    await first.open()
    times.push((await first.connects.next()).requestContext.connectedAt)
  }
  const connectedAtFloor = first.gateway.stats.lastConnectedAt
  const second = await startRecording({ connectedAtFloor, timers: clock, now: () => 5 })
  await second.open()
  times.push((await second.connects.next()).requestContext.connectedAt)
  expect(times.every((time, at) => at === 0 || time > (times[at - 1] ?? 0))).toBe(true)
})

it('makes ids in the shape of JC1dgf9yoAMCK-g=', () => {
  expect(newConnectionId((count) => Buffer.alloc(count, 0xfb))).toMatch(idShape)
  expect('JC1dgf9yoAMCK-g=').toMatch(idShape)
})
