import { get } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { AuthorizerEvent } from '../../../local/gateway/events.ts'
import { gatewayLimits } from '../../../local/gateway/limits.ts'
import { refusalOf } from './client.ts'
import { ManualClock } from './manual-clock.ts'
import { rawSocket, upgradeText } from './raw.ts'
import { recordingRoutes } from './rig.ts'
import { useRigs } from './rigs.ts'

const { start, startRecording } = useRigs()

const policy = (effect: string, resource: string) => ({
  principalId: 'somebody',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Effect: effect, Action: 'execute-api:Invoke', Resource: resource }],
  },
})

const withAuthorizer = (authorizer: (event: AuthorizerEvent) => Promise<unknown>) =>
  start({ handlers: { authorizer, routes: recordingRoutes().routes } })

const withConnect = ($connect: () => Promise<unknown>) =>
  start({ handlers: { routes: { $connect } } })

describe('authorizer', () => {
  it('answers 401 without calling it when one of the identity sources is missing', async () => {
    let calls = 0
    const rig = await start({
      identitySource: ['route.request.header.Authorization', 'route.request.querystring.ticket'],
      handlers: {
        authorizer: async ({ methodArn }) => {
          calls += 1
          return policy('Allow', methodArn)
        },
        routes: {},
      },
    })
    const headers = { authorization: 'x' }
    expect(await rig.refusal({ headers })).toBe(401)
    expect(await rig.refusal({ query: '?ticket=1' })).toBe(401)
    expect(await rig.refusal({ query: '?ticket=', headers })).toBe(401)
    expect(calls).toBe(0)
    await rig.open({ query: '?ticket=1', headers })
    expect(calls).toBe(1)
  })

  it('answers 401 when it throws Unauthorized', async () => {
    const rig = await withAuthorizer(() => Promise.reject(new Error('Unauthorized')))
    expect(await rig.refusal()).toBe(401)
  })

  it('answers 403 when the policy denies', async () => {
    const rig = await withAuthorizer(async ({ methodArn }) => policy('Deny', methodArn))
    expect(await rig.refusal()).toBe(403)
  })

  it('answers 403 when the policy allows another resource than stage/$connect', async () => {
    const rig = await withAuthorizer(async ({ methodArn }) =>
      policy('Allow', methodArn.replace('$connect', 'hello')),
    )
    expect(await rig.refusal()).toBe(403)
  })

  it('answers 500 when it throws anything else', async () => {
    const rig = await withAuthorizer(() => Promise.reject(new Error('unauthorized')))
    expect(await rig.refusal()).toBe(500)
  })

  it.each([
    ['nothing', undefined],
    ['a text', 'Allow'],
    ['no policy', { principalId: 'x' }],
    ['no statement', { principalId: 'x', policyDocument: { Statement: [] } }],
    ['no principal', { policyDocument: policy('Allow', '*').policyDocument }],
    ['an object in its context', { ...policy('Allow', '*'), context: { deep: { er: 1 } } }],
    ['a list as its context', { ...policy('Allow', '*'), context: ['x'] }],
  ])('answers 500 when it returns nonsense: %s', async (_what, result) => {
    const rig = await withAuthorizer(async () => result)
    expect(await rig.refusal()).toBe(500)
  })

  it('answers 500 when its result passes 8 KB', async () => {
    const result = (length: number) => ({
      ...policy('Allow', '*'),
      context: { long: 'x'.repeat(length) },
    })
    const refused = await withAuthorizer(async () => result(8192))
    expect(await refused.refusal()).toBe(500)
    const accepted = await withAuthorizer(async () => result(7000))
    await accepted.open()
  })

  it('answers 500 when it is late', async () => {
    const clock = new ManualClock()
    const rig = await start({
      ...{ timers: clock, now: clock.now },
      handlers: {
        authorizer: () => {
          setImmediate(() => clock.advance(29_000))
          return new Promise(() => undefined)
        },
        routes: {},
      },
    })
    expect(await rig.refusal()).toBe(500)
  })

  it('accepts wildcards in action and resource', async () => {
    const rig = await withAuthorizer(async ({ methodArn }) =>
      policy('Allow', methodArn.replace(/\/ws\/.*$/, '/*')),
    )
    await rig.open()
  })

  it('runs on $connect only and is not cached: each handshake asks anew', async () => {
    let calls = 0
    const { routes, messages } = recordingRoutes()
    const rig = await start({
      handlers: {
        authorizer: async ({ methodArn }) => {
          calls += 1
          return policy('Allow', methodArn)
        },
        routes,
      },
    })
    const client = await rig.open()
    client.say({ action: 'hello' })
    await messages.next()
    await rig.open()
    expect(calls).toBe(2)
  })

  it('sees the handshake: headers, query, resource', async () => {
    let seen: AuthorizerEvent | undefined
    const rig = await withAuthorizer(async (event) => {
      seen = event
      return policy('Allow', event.methodArn)
    })
    await rig.open({ query: '?ticket=a%20b', headers: { 'X-Own': 'yes' } })
    expect(seen).toMatchObject({
      type: 'REQUEST',
      methodArn: expect.stringMatching(/^arn:aws:execute-api:.*\/ws\/\$connect$/) as string,
      headers: { 'X-Own': 'yes' },
      queryStringParameters: { ticket: 'a b' },
      requestContext: { eventType: 'CONNECT', routeKey: '$connect' },
    })
  })
})

describe('$connect', () => {
  it.each([400, 401, 403, 404, 418, 429, 500, 503])(
    'answers the handshake with its own non-2xx status: %i',
    async (statusCode) => {
      const rig = await withConnect(async () => ({ statusCode }))
      expect(await rig.refusal()).toBe(statusCode)
    },
  )

  it('answers 502 when it throws', async () => {
    const rig = await withConnect(() => Promise.reject(new Error('Unauthorized')))
    expect(await rig.refusal()).toBe(502)
  })

  it.each([
    ['undefined', undefined],
    ['no status', {}],
    ['a text as status', { statusCode: '200' }],
    ['a status of no HTTP', { statusCode: 99999 }],
    ['a switch of its own', { statusCode: 101 }],
  ])('answers 502 when it returns nonsense: %s', async (_what, result) => {
    const rig = await withConnect(async () => result)
    expect(await rig.refusal()).toBe(502)
  })

  it('opens no connection that was refused, and says no $disconnect for it', async () => {
    const { routes, disconnects } = recordingRoutes()
    const $connect = async () => ({ statusCode: 403 })
    const rig = await start({ handlers: { routes: { ...routes, $connect } } })
    expect(await rig.refusal()).toBe(403)
    await rig.gateway.close()
    expect(disconnects.rest()).toEqual([])
    expect(rig.gateway.stats).toMatchObject({ connections: 0, connected: 0, refused: 1 })
  })

  it('says $disconnect when the client is gone before the answer', async () => {
    const { routes, disconnects } = recordingRoutes()
    let leave = () => {}
    const left = new Promise<void>((resolve) => (leave = resolve))
    let begin = () => {}
    const begun = new Promise<void>((resolve) => (begin = resolve))
    const $connect = () => {
      begin()
      return left.then(() => ({ statusCode: 200 }))
    }
    const rig = await start({ handlers: { routes: { ...routes, $connect } } })
    const socket = await rawSocket(rig.port, upgradeText())
    await begun
    socket.resetAndDestroy()
    leave()
    expect((await disconnects.next()).requestContext.disconnectStatusCode).toBe(1006)
  })

  it('keeps no connection of a client whose end was heard before the answer', async () => {
    const { routes, disconnects } = recordingRoutes()
    let answer = () => {}
    const answered = new Promise<void>((resolve) => (answer = resolve))
    let begin = () => {}
    const begun = new Promise<void>((resolve) => (begin = resolve))
    let calls = 0
    const $connect = async () => {
      if (++calls > 1) return { statusCode: 403 }
      begin()
      await answered
      return { statusCode: 200 }
    }
    const rig = await start({ handlers: { routes: { ...routes, $connect } } })
    const socket = await rawSocket(rig.port, upgradeText())
    await begun
    socket.end()
    // What is sent later is answered: so the end was heard.
    expect(await rig.refusal()).toBe(403)
    answer()
    expect((await disconnects.next()).requestContext.disconnectStatusCode).toBe(1006)
    expect(rig.gateway.stats).toMatchObject({ connections: 0, connected: 0 })
  })

  it('is optional', async () => {
    const rig = await start({ handlers: { routes: {} } })
    await rig.open()
  })
})

it('answers 500 when the emulator itself fails, and goes on', async () => {
  let broken = true
  const rig = await startRecording({
    observe: () => {
      if (broken) throw new TypeError('a broken observer')
    },
  })
  expect(await rig.refusal()).toBe(500)
  broken = false
  await rig.open()
})

describe('subprotocol', () => {
  it('is answered only if $connect answers Sec-WebSocket-Protocol, in any case', async () => {
    const rig = await withConnect(async () => ({
      statusCode: 200,
      headers: { 'sec-websocket-PROTOCOL': 'two' },
    }))
    const client = await rig.open({ protocols: ['one', 'two'] })
    expect(client.socket.protocol).toBe('two')
  })

  it('is not echoed unasked, so a client that offers one fails', async () => {
    const rig = await startRecording()
    await expect(rig.open({ protocols: ['one'] })).rejects.toThrow('no subprotocol')
  })
})

describe('the path', () => {
  it('answers a plain GET with 426', async () => {
    const rig = await startRecording()
    const status = await new Promise((resolve) =>
      get(`http://127.0.0.1:${rig.port}/ws`, (response) => resolve(response.resume().statusCode)),
    )
    expect(status).toBe(426)
  })

  it.each(['/', '/other', '/ws/deeper', '/wss', '/%77s', '//ws', '/ws/@connections/x'])(
    'answers an upgrade at %s with 403',
    async (path) => {
      const rig = await startRecording()
      expect(await refusalOf(`ws://127.0.0.1:${rig.port}${path}`)).toBe(403)
    },
  )
})

describe('throttle', () => {
  it('refuses connection 501 of one second with 429 and takes it a second later', async () => {
    const clock = new ManualClock()
    const rig = await startRecording({
      ...{ throttle: true, timers: clock, now: clock.now },
      limits: { ...gatewayLimits, connectsPerSecond: 3 },
    })
    await Promise.all([rig.open(), rig.open(), rig.open()])
    expect(await rig.refusal()).toBe(429)
    clock.advance(1_000)
    await rig.open()
  })
})
