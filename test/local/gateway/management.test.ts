import { request } from 'node:http'
import {
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi'
import { describe, expect, it } from 'vitest'
import { gatewayLimits } from '../../../local/gateway/limits.ts'
import { mayManage } from '../../../local/gateway/management-caller.ts'
import { managementTarget } from '../../../local/gateway/management-target.ts'
import { ManualClock } from './manual-clock.ts'
import { accessKeyId, recordingRoutes, sdkClient, type Rig } from './rig.ts'
import { useRigs } from './rigs.ts'

const { start, startRecording } = useRigs()

const post = (ConnectionId: string, Data: string | Uint8Array = 'x') =>
  new PostToConnectionCommand({ ConnectionId, Data })

/** Name and status of the error that the SDK makes of the answer. */
const failure = async (sending: Promise<unknown>) => {
  try {
    await sending
    return 'no failure'
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata: { httpStatusCode: number } }
    return `${$metadata.httpStatusCode} ${name}`
  }
}

const openOne = async (options: Parameters<typeof startRecording>[0] = {}) => {
  const rig = await startRecording(options)
  const client = await rig.open({ headers: { 'user-agent': 'agent/1' } })
  const { connectionId } = (await rig.connects.next()).requestContext
  return { ...rig, client, id: connectionId }
}

interface Plain {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

const signed = (key = accessKeyId) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260209/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
})

/** A request without the SDK: status, error header and body. */
const plain = ({ port }: Pick<Rig, 'port'>, path: string, { method, headers, body }: Plain = {}) =>
  new Promise<{ status: number; type: unknown; text: string }>((resolve, reject) => {
    const options = { port, path, method, headers, host: '127.0.0.1', agent: false }
    const sending = request(options, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      const type = response.headers['x-amzn-errortype']
      response.on('end', () => resolve({ status: response.statusCode ?? 0, type, text }))
    })
    sending.on('error', reject)
    sending.end(body)
  })

describe('through the SDK', () => {
  it('POST sends a text frame and answers 200', async () => {
    const rig = await openOne()
    const answer = await rig.sdk.send(post(rig.id, '{"type":"state","name":"żółw"}'))
    expect(answer.$metadata.httpStatusCode).toBe(200)
    expect(await rig.client.frames.next()).toBe('{"type":"state","name":"żółw"}')
  })

  it('POST takes a message of 128 KB', async () => {
    const rig = await openOne()
    await rig.sdk.send(post(rig.id, 'x'.repeat(131_072)))
    expect((await rig.client.frames.next()).length).toBe(131_072)
  })

  it('POST above 128 KB is 413 PayloadTooLargeException', async () => {
    const rig = await openOne()
    const name = '413 PayloadTooLargeException'
    expect(await failure(rig.sdk.send(post(rig.id, 'x'.repeat(131_073))))).toBe(name)
    expect(await failure(rig.sdk.send(post(rig.id, 'x'.repeat(2_000_000))))).toBe(name)
    await rig.sdk.send(post(rig.id, 'after'))
    expect(await rig.client.frames.next()).toBe('after')
  })

  it('GET answers connectedAt, lastActiveAt and identity', async () => {
    const clock = new ManualClock()
    const rig = await openOne({ timers: clock, now: clock.now })
    const connectedAt = new Date(clock.now())
    clock.advance(5_000)
    rig.client.say('active')
    await rig.messages.next()
    const { $metadata, ...facts } = await rig.sdk.send(
      new GetConnectionCommand({ ConnectionId: rig.id }),
    )
    expect($metadata.httpStatusCode).toBe(200)
    expect(facts).toMatchObject({ ConnectedAt: connectedAt, LastActiveAt: new Date(clock.now()) })
    const raw = await plain(rig, `/ws/@connections/${rig.id}`, { headers: signed() })
    expect(JSON.parse(raw.text)).toMatchObject({
      identity: { sourceIp: '127.0.0.1', userAgent: 'agent/1' },
    })
  })

  it('DELETE is 204 and tells $disconnect 1000 Connection Closed Normally', async () => {
    const rig = await openOne()
    const answer = await rig.sdk.send(new DeleteConnectionCommand({ ConnectionId: rig.id }))
    expect(answer.$metadata.httpStatusCode).toBe(204)
    const { requestContext } = await rig.disconnects.next()
    expect(requestContext).toMatchObject({
      disconnectStatusCode: 1000,
      disconnectReason: 'Connection Closed Normally',
    })
    expect((await rig.client.closed).code).toBe(1000)
    expect(rig.disconnects.rest()).toEqual([])
  })

  it('POST, GET and DELETE of a connection that is gone are 410 GoneException', async () => {
    const rig = await openOne()
    await rig.sdk.send(new DeleteConnectionCommand({ ConnectionId: rig.id }))
    const ConnectionId = rig.id
    expect(await failure(rig.sdk.send(post(ConnectionId)))).toBe('410 GoneException')
    expect(await failure(rig.sdk.send(new GetConnectionCommand({ ConnectionId })))).toBe(
      '410 GoneException',
    )
    expect(await failure(rig.sdk.send(new DeleteConnectionCommand({ ConnectionId })))).toBe(
      '410 GoneException',
    )
    expect(rig.gateway.stats.postsGone).toBe(1)
  })

  it('POST after the client left is 410', async () => {
    const rig = await openOne()
    rig.client.socket.close()
    await rig.disconnects.next()
    expect(await failure(rig.sdk.send(post(rig.id)))).toBe('410 GoneException')
  })

  it('POST to a connection from inside its own $connect is 410', async () => {
    const { routes } = recordingRoutes()
    let own = ''
    const late: { rig?: Rig } = {}
    const $connect = async ({ requestContext }: { requestContext: { connectionId: string } }) => {
      own = await failure(
        late.rig?.sdk.send(post(requestContext.connectionId)) ?? Promise.resolve(),
      )
      return { statusCode: 200 }
    }
    late.rig = await start({ handlers: { routes: { ...routes, $connect } } })
    await late.rig.open()
    expect(own).toBe('410 GoneException')
  })

  it('POST from inside the first message arrives', async () => {
    const { routes } = recordingRoutes()
    const late: { rig?: Rig } = {}
    const hello = async ({ requestContext }: { requestContext: { connectionId: string } }) => {
      await late.rig?.sdk.send(post(requestContext.connectionId, 'welcome'))
    }
    late.rig = await start({ handlers: { routes: { ...routes, hello } } })
    const client = await late.rig.open()
    client.say({ action: 'hello' })
    expect(await client.frames.next()).toBe('welcome')
  })

  it.each(['short', 'JC1dgf9yoAMCK-gg', '../../etc/passwd', 'żółw', '%', 'JC1dgf9yoAMCK-g=='])(
    'a malformed id is 400: %s',
    async (id) => {
      const rig = await startRecording()
      expect(await failure(rig.sdk.send(post(id)))).toBe('400 BadRequestException')
    },
  )

  it('a caller with another key is 403 ForbiddenException', async () => {
    const rig = await openOne()
    const other = sdkClient(rig.port, 'SOMEOTHERKEY')
    expect(await failure(other.send(post(rig.id)))).toBe('403 ForbiddenException')
    other.destroy()
  })

  it('another stage is 403', async () => {
    const rig = await openOne()
    const other = sdkClient(rig.port, accessKeyId, 'production')
    expect(await failure(other.send(post(rig.id)))).toBe('403 ForbiddenException')
    other.destroy()
  })

  it("POST is 429 LimitExceededException while that client's buffer is full, others unharmed", async () => {
    const limits = { ...gatewayLimits, sendBufferBytes: 300_000 }
    const rig = await openOne({ limits })
    const other = await rig.open()
    const { connectionId } = (await rig.connects.next()).requestContext
    rig.client.socket.pause()
    const name = '429 LimitExceededException'
    let last = ''
    for (let sent = 0; sent < 200 && last !== name; sent += 1) {
      last = await failure(rig.sdk.send(post(rig.id, 'x'.repeat(100_000))))
    }
    expect(last).toBe(name)
    await rig.sdk.send(post(connectionId, 'for the other'))
    expect(await other.frames.next()).toBe('for the other')
    expect(rig.gateway.stats.postsLimited).toBe(1)
    rig.client.socket.resume()
    await rig.client.frames.next()
  })

  it('POST beyond the requests rate, shared with messages and handshakes, is 429', async () => {
    const clock = new ManualClock()
    const limits = { ...gatewayLimits, requestBurst: 3 }
    const rig = await openOne({ limits, throttle: true, timers: clock, now: clock.now })
    rig.client.say('one')
    await rig.messages.next()
    await rig.sdk.send(post(rig.id))
    expect(await failure(rig.sdk.send(post(rig.id)))).toBe('429 LimitExceededException')
    clock.advance(1)
    await rig.sdk.send(post(rig.id))
  })
})

describe('without the SDK', () => {
  it('takes the id percent-encoded and %40connections', async () => {
    const rig = await openOne()
    const path = `/ws/%40connections/${encodeURIComponent(rig.id)}`
    const options = { method: 'POST', headers: signed(), body: 'hi' }
    expect((await plain(rig, path, options)).status).toBe(200)
    expect(await rig.client.frames.next()).toBe('hi')
  })

  it('names the error in x-amzn-ErrorType and answers a JSON body', async () => {
    const rig = await startRecording()
    const answer = await plain(rig, '/ws/@connections/JC1dgf9yoAMCK-g=', { headers: signed() })
    expect({ status: answer.status, type: answer.type }).toEqual({
      status: 410,
      type: 'GoneException',
    })
    expect(JSON.parse(answer.text)).toHaveProperty('message')
  })

  it.each([
    ['nothing', {}],
    ['a bearer token', { authorization: `Bearer ${accessKeyId}` }],
    ['the key alone', { authorization: accessKeyId }],
    ['no signature', { authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260209/x` }],
    ['the key as a prefix', signed(`${accessKeyId}2`)],
    ['an empty key', signed('')],
  ])('refuses a caller signing with %s', async (_what, headers) => {
    const rig = await openOne()
    const answer = await plain(rig, `/ws/@connections/${rig.id}`, { method: 'DELETE', headers })
    expect(answer.status).toBe(403)
    expect(rig.gateway.stats.connections).toBe(1)
  })

  it('refuses other methods', async () => {
    const rig = await openOne()
    const options = { method: 'PUT', headers: signed() }
    expect((await plain(rig, `/ws/@connections/${rig.id}`, options)).status).toBe(403)
  })

  it.each([
    ['192.168.1.5', false],
    ['::ffff:10.0.0.1', false],
    ['fe80::1', false],
    ['', false],
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::ffff:127.0.0.1', true],
    ['::1', true],
  ])('takes loopback peers only: %s', (remoteAddress, allowed) => {
    const peer = { socket: { remoteAddress }, headers: signed() }
    expect(mayManage(peer as Parameters<typeof mayManage>[0], accessKeyId)).toBe(allowed)
  })

  it.each([
    ['/ws', 'socket'],
    ['/ws/', 'socket'],
    ['/ws?x=/@connections/a', 'socket'],
    ['/ws/@connections', 'unknown'],
    ['/ws/@connections/a/b', 'unknown'],
    ['/ws/%2540connections/a', 'unknown'],
    ['/ws/%ff/a', 'unknown'],
    ['/x/@connections/a', 'unknown'],
    ['ws/@connections/a', 'unknown'],
    ['', 'unknown'],
    ['/ws/@connections/', 'connection'],
    ['/ws/@connections/%ff', 'connection'],
  ])('reads the target %s as %s', (url, kind) => {
    expect(managementTarget(url, 'ws').kind).toBe(kind)
  })
})
