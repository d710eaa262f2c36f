import { describe, expect, it } from 'vitest'
import type { HttpApiSetupError } from '../../../local/http-api/errors.ts'
import { createHttpApi, httpApiDefaults } from '../../../local/http-api/http-api.ts'
import { echo, echoed, useApis } from './apis.ts'

const { start } = useApis()

const printers = () =>
  start({
    routes: [
      echo('ANY', '/v1/{rest+}'),
      echo('GET', '/v1/printers/{id}'),
      echo('GET', '/v1/printers'),
      echo('GET', '/v1/printers/mine'),
      echo('POST', '/v1/tickets'),
      echo('ANY', '/v1/tickets'),
    ],
  })

describe('routes', () => {
  it.each([
    ['GET', '/v1/printers', '/v1/printers'],
    ['GET', '/v1/printers?x=1', '/v1/printers'],
    ['GET', '/v1/printers/mine', '/v1/printers/mine'],
    ['GET', '/v1/printers/p1', '/v1/printers/{id}'],
    ['GET', '/v1/printers/p1/history', '/v1/{rest+}'],
    ['DELETE', '/v1/printers/p1', '/v1/{rest+}'],
  ])('takes the most specific for %s %s', async (method, path, expected) => {
    const api = await printers()
    expect(echoed((await api.ask(path, { method })).text).for).toBe(expected)
  })

  it('prefers the method to ANY', async () => {
    const api = await printers()
    const { event } = echoed((await api.ask('/v1/tickets', { method: 'POST' })).text)
    expect(event.routeKey).toBe('POST /v1/tickets')
    const put = echoed((await api.ask('/v1/tickets', { method: 'PUT' })).text)
    expect(put.event.routeKey).toBe('ANY /v1/tickets')
  })

  it('decodes path parameters, and gives the greedy one the rest', async () => {
    const api = await printers()
    const one = echoed((await api.ask('/v1/printers/a%2Fb%20%C5%BC')).text)
    expect(one.event.pathParameters).toEqual({ id: 'a/b ż' })
    const rest = echoed((await api.ask('/v1/a/b/c')).text)
    expect(rest.event.pathParameters).toEqual({ rest: 'a/b/c' })
  })

  it.each(['/', '/v1', '/v1/', '/v2/printers', '/V1/printers/p1', '//v1/printers', '/%ff', '*'])(
    'answers 404 Not Found at %s',
    async (path) => {
      const api = await printers()
      const reply = await api.ask(path, { method: path === '*' ? 'OPTIONS' : 'GET' })
      expect({ status: reply.status, text: reply.text }).toEqual({
        status: 404,
        text: '{"message":"Not Found"}',
      })
    },
  )

  it('answers 404 where only another method has the path', async () => {
    const api = await start({ routes: [echo('GET', '/a')] })
    expect((await api.ask('/a', { method: 'POST' })).status).toBe(404)
    expect((await api.ask('/a', { method: 'HEAD' })).status).toBe(404)
  })

  it('does not take a bad escape or an empty segment for a parameter', async () => {
    const api = await start({ routes: [echo('GET', '/p/{id}')] })
    expect((await api.ask('/p/%zz')).status).toBe(404)
    expect((await api.ask('/p/')).status).toBe(404)
    expect(echoed((await api.ask('/p/__proto__')).text).event.pathParameters).toEqual({
      id: '__proto__',
    })
  })

  it.each([
    ['no-jwt-configuration', echo('GET', '/a', { auth: 'jwt' })],
    ['bad-route', echo('GET', 'a')],
    ['bad-route', echo('GET', '/{all+}/a')],
  ])('is not set up with a mistake: %s', (code, route) => {
    expect(() => createHttpApi({ ...httpApiDefaults(), routes: [route] })).toThrow(
      expect.objectContaining({ code }) as HttpApiSetupError,
    )
  })
})

describe('the event', () => {
  it('has the shape of payload format 2.0', async () => {
    const now = () => Date.UTC(2026, 1, 9, 12, 3, 4)
    const api = await start({ now, domainName: 'api.test', routes: [echo('GET', '/p/{id}')] })
    const headers = {
      'X-Own': ['a', 'b'],
      Cookie: 'one=1; two=2',
      'User-Agent': 'curl/8',
      Host: 'h',
      Connection: 'close',
    }
    const { event } = echoed((await api.ask('/p/7?b=2&a=1&b=3&c', { headers })).text)
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'GET /p/{id}',
      rawPath: '/p/7',
      rawQueryString: 'b=2&a=1&b=3&c',
      cookies: ['one=1', 'two=2'],
      headers: { 'x-own': 'a,b', 'user-agent': 'curl/8', host: 'h', connection: 'close' },
      queryStringParameters: { b: '2,3', a: '1', c: '' },
      pathParameters: { id: '7' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: 'api.test',
        domainPrefix: 'api',
        http: {
          method: 'GET',
          path: '/p/7',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'curl/8',
        },
        requestId: expect.stringMatching(/^[\w-]{15}=$/) as string,
        routeKey: 'GET /p/{id}',
        stage: '$default',
        time: '09/Feb/2026:12:03:04 +0000',
        timeEpoch: now(),
      },
      isBase64Encoded: false,
    })
  })

  it.each([
    ['application/json', '{"a":"ż"}', false],
    ['application/json; charset=utf-8', '{}', false],
    ['application/problem+json', '{}', false],
    ['text/plain', 'ż', false],
    ['application/octet-stream', 'x', true],
    ['application/x-www-form-urlencoded', 'a=1', true],
    ['', 'x', true],
  ])('carries a body of type %j', async (type, body, isBase64Encoded) => {
    const api = await start({ routes: [echo('POST', '/a')] })
    const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
    const { event } = echoed((await api.ask('/a', { method: 'POST', headers, body })).text)
    expect(event.isBase64Encoded).toBe(isBase64Encoded)
    const text = Buffer.from(event.body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString()
    expect(text).toBe(body)
  })
})
