import { connect } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { httpApiLimits } from '../../../local/http-api/limits.ts'
import type { HttpHandler } from '../../../local/http-api/route.ts'
import { Inbox } from '../gateway/inbox.ts'
import { ManualClock } from '../gateway/manual-clock.ts'
import { echo, useApis } from './apis.ts'

const { start } = useApis()

const answering = (handler: HttpHandler) => start({ routes: [echo('ANY', '/a', { handler })] })

const internal = { status: 500, text: '{"message":"Internal Server Error"}' }

describe('many at once', () => {
  it('runs so many handlers, lets so many wait, and turns the rest away', async () => {
    const running: (() => void)[] = []
    const started = new Inbox<number>()
    const handler: HttpHandler = async () => {
      started.put(0)
      await new Promise<void>((resolve) => running.push(resolve))
      return { statusCode: 200 }
    }
    const limits = { ...httpApiLimits, handlersAtOnce: 2, handlersWaiting: 1 }
    const api = await start({ routes: [echo('ANY', '/a', { handler })], limits })
    const statuses = new Inbox<number>()
    for (let asked = 0; asked < 5; asked += 1)
      void api.ask('/a').then(({ status }) => statuses.put(status))
    expect(await statuses.take(2)).toEqual([503, 503])
    await started.take(2)
    for (const end of running.splice(0)) end()
    await started.next()
    for (const end of running.splice(0)) end()
    expect(await statuses.take(3)).toEqual([200, 200, 200])
  })
})

describe("a handler's answer", () => {
  it('goes out with status, headers, cookies and body', async () => {
    const api = await answering(async () => ({
      statusCode: 201,
      headers: { 'X-Count': 3, 'x-yes': true, 'content-type': 'text/html' },
      cookies: ['a=1; Path=/', 'b=2'],
      body: '<b>ż</b>',
    }))
    const reply = await api.ask('/a')
    expect(reply.status).toBe(201)
    expect(reply.text).toBe('<b>ż</b>')
    expect(reply.headers).toMatchObject({
      'x-count': '3',
      'x-yes': 'true',
      'content-type': 'text/html',
      'set-cookie': ['a=1; Path=/', 'b=2'],
    })
    expect(reply.headers['apigw-requestid']).toMatch(/=$/)
  })

  it('is decoded when it is base64', async () => {
    const bytes = Buffer.from([0, 255, 1, 254])
    const body = bytes.toString('base64')
    const api = await answering(async () => ({ statusCode: 200, body, isBase64Encoded: true }))
    expect((await api.ask('/a')).bytes.equals(bytes)).toBe(true)
  })

  it.each([
    ['an object', { a: 1 }, '{"a":1}'],
    ['a text', 'plain', 'plain'],
    ['a list', [1], '[1]'],
    ['nothing', undefined, 'null'],
  ])('without a status is the body of a 200: %s', async (_what, result, text) => {
    const api = await answering(async () => result)
    const reply = await api.ask('/a')
    expect([reply.status, reply.text]).toEqual([200, text])
    expect(reply.headers['content-type']).toBe('application/json')
  })

  it('may be a 304 with its ETag, which passes through', async () => {
    const api = await answering(async ({ headers }) =>
      headers['if-none-match'] === '"v1"'
        ? { statusCode: 304, headers: { ETag: '"v1"' } }
        : { statusCode: 200, headers: { ETag: '"v1"' }, body: 'full' },
    )
    const first = await api.ask('/a')
    expect([first.status, first.headers.etag]).toEqual([200, '"v1"'])
    const second = await api.ask('/a', { headers: { 'if-none-match': '"v1"' } })
    expect([second.status, second.headers.etag, second.text]).toEqual([304, '"v1"', ''])
  })

  it('may be a 204 without a body', async () => {
    const api = await answering(async () => ({ statusCode: 204 }))
    const reply = await api.ask('/a', { method: 'DELETE' })
    expect([reply.status, reply.text]).toEqual([204, ''])
  })

  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  it.each([
    ['a text as status', { statusCode: '200' }],
    ['a status of no HTTP', { statusCode: 999 }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['a header that is a list', { statusCode: 200, headers: { a: ['x'] } }],
    ['headers that are a text', { statusCode: 200, headers: 'x' }],
    ['cookies that are no texts', { statusCode: 200, cookies: [1] }],
    ['a header with a line break', { statusCode: 200, headers: { a: 'x\r\nset-cookie: y=1' } }],
    ['a header name of no HTTP', { statusCode: 200, headers: { 'a b': 'x' } }],
    ['a cycle', cycle],
    ['a bigint', { big: 1n }],
    ['more than 6 MB', { statusCode: 200, body: 'x'.repeat(6 * 1024 * 1024) }],
  ])('is 500 Internal Server Error when it is nonsense: %s', async (_what, result) => {
    const api = await answering(async () => result)
    const { status, text } = await api.ask('/a')
    expect({ status, text }).toEqual(internal)
  })

  it.each([
    ['rejects', () => Promise.reject(new TypeError('secret detail'))],
    [
      'throws',
      () => {
        throw new TypeError('secret detail')
      },
    ],
  ])('is 500 Internal Server Error when the handler %s', async (_how, handler) => {
    const api = await answering(handler)
    const { status, text } = await api.ask('/a')
    expect({ status, text }).toEqual(internal)
  })

  const unavailable = { status: 503, text: '{"message":"Service Unavailable"}' }
  it.each([
    ['500, as of a crash, when the handler takes longer than its own 8 s', 8_000, 8_000, internal],
    ['503 Service Unavailable after 30 s', 60_000, 30_000, unavailable],
  ])('is %s', async (_what, handlerMs, ms, answer) => {
    const clock = new ManualClock()
    const handler = () => {
      setImmediate(() => clock.advance(ms))
      return new Promise(() => undefined)
    }
    const routes = [echo('GET', '/a', { handler })]
    const limits = { ...httpApiLimits, handlerMs }
    const api = await start({ timers: clock, now: clock.now, routes, limits })
    const { status, text } = await api.ask('/a')
    expect({ status, text }).toEqual(answer)
  })
})

describe('a body', () => {
  it('above 10 MB is 413, and the server goes on', async () => {
    const routes = [echo('POST', '/a', { handler: async ({ body }) => body?.length })]
    const api = await start({ routes, limits: { ...httpApiLimits, requestBytes: 1_000 } })
    const headers = { 'content-type': 'text/plain' }
    const send = (length: number) =>
      api.ask('/a', { method: 'POST', headers, body: 'x'.repeat(length) })
    expect((await send(1_000)).text).toBe('1000')
    const refused = await send(1_001)
    expect(refused.status).toBe(413)
    expect(refused.text).toBe('{"message":"Request Entity Too Large"}')
    expect((await send(300_000)).status).toBe(413)
    expect((await send(5)).status).toBe(200)
    expect(httpApiLimits.requestBytes).toBe(10 * 1024 * 1024)
  })

  it('cut short by its client reaches no handler and harms nobody', async () => {
    let calls = 0
    const handler = async () => (calls += 1)
    const api = await answering(handler)
    const socket = connect(api.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.end('POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf')
    socket.resume()
    await once(socket, 'close')
    expect((await api.ask('/a')).text).toBe('1')
    expect(calls).toBe(1)
  })
})

describe('CORS', () => {
  const cors = {
    allowOrigins: ['https://viewer.test', 'https://other.test'],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['authorization', 'if-none-match'],
    exposeHeaders: ['etag'],
    maxAgeSeconds: 600,
    allowCredentials: false,
  }
  const preflight = (origin: string) => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'GET' },
  })
  const routes = [
    echo('ANY', '/a', {
      handler: async () => ({
        statusCode: 200,
        headers: { 'Access-Control-Allow-Origin': 'https://evil.test', vary: 'Accept' },
        body: 'x',
      }),
    }),
  ]

  it('preflight is answered by the gateway as configured, before any handler', async () => {
    const api = await start({ routes, cors })
    const reply = await api.ask('/a', preflight('https://viewer.test'))
    expect([reply.status, reply.text]).toEqual([204, ''])
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': 'https://viewer.test',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,if-none-match',
      'access-control-max-age': '600',
      vary: 'Origin',
    })
  })

  it('preflight of another origin gets no permission', async () => {
    const api = await start({ routes, cors })
    const reply = await api.ask('/a', preflight('https://evil.test'))
    expect(reply.status).toBe(204)
    const names = Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))
    expect(names).toEqual([])
  })

  it("answers carry the gateway's headers in place of the handler's", async () => {
    const api = await start({ routes, cors })
    const good = await api.ask('/a', { headers: { origin: 'https://other.test' } })
    expect(good.headers).toMatchObject({
      'access-control-allow-origin': 'https://other.test',
      'access-control-expose-headers': 'etag',
      vary: 'Accept, Origin',
    })
    const bad = await api.ask('/a', { headers: { origin: 'https://evil.test' } })
    expect(bad.headers).not.toHaveProperty('access-control-allow-origin')
    const none = await api.ask('/a')
    expect(none.headers).not.toHaveProperty('access-control-allow-origin')
  })

  it('errors carry them too, so that a browser may read the status', async () => {
    const api = await start({ routes, cors })
    const reply = await api.ask('/nowhere', { headers: { origin: 'https://viewer.test' } })
    expect(reply.status).toBe(404)
    expect(reply.headers['access-control-allow-origin']).toBe('https://viewer.test')
  })

  it('is left to the handlers without a configuration', async () => {
    const api = await start({ routes })
    const reply = await api.ask('/a', preflight('https://viewer.test'))
    expect(reply.headers['access-control-allow-origin']).toBe('https://evil.test')
  })

  it('with * names no origin', async () => {
    const any = { ...cors, allowOrigins: ['*'] }
    const api = await start({ routes, cors: any })
    const reply = await api.ask('/a', { headers: { origin: 'https://x.test' } })
    expect(reply.headers).toMatchObject({ 'access-control-allow-origin': '*', vary: 'Accept' })
  })
})
