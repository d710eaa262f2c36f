import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { echo, echoed, useApis } from './apis.ts'

const { start } = useApis()

const issuer = 'https://issuer.test'
const audience = ['viewer', 'cli']
const now = Date.UTC(2026, 1, 9, 12, 0, 0)
const seconds = now / 1000

let rsa: { privateKey: CryptoKey; publicKey: CryptoKey }
let stranger: { privateKey: CryptoKey; publicKey: CryptoKey }
let curve: { privateKey: CryptoKey; publicKey: CryptoKey }
let keyServer: Server
let jwks: URL

beforeAll(async () => {
  rsa = await generateKeyPair('RS256')
  stranger = await generateKeyPair('RS256')
  curve = await generateKeyPair('ES256')
  const keys = [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', use: 'sig', alg: 'RS256' },
    { ...(await exportJWK(curve.publicKey)), kid: 'curve', use: 'sig', alg: 'ES256' },
  ]
  keyServer = createServer((request, response) => {
    if (request.url === '/broken') response.writeHead(500).end()
    else response.end(request.url === '/nonsense' ? '{"keys":1}' : JSON.stringify({ keys }))
  })
  keyServer.listen(0, '127.0.0.1')
  await once(keyServer, 'listening')
  jwks = new URL(`http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/jwks`)
})

afterAll(() => {
  keyServer.closeAllConnections()
  keyServer.close()
})

const good: JWTPayload = { iss: issuer, aud: 'viewer', sub: 'u1', exp: seconds + 60, iat: seconds }

const sign = (claims: JWTPayload, { key = rsa.privateKey, alg = 'RS256', kid = 'rsa' } = {}) =>
  new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key)

const startGuarded = (scopes: readonly string[] = [], keys = jwks) =>
  start({
    now: () => now,
    jwt: { issuer, audience, keys },
    routes: [echo('GET', '/a', { auth: 'jwt', scopes }), echo('GET', '/open')],
  })

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

const unauthorized = { status: 401, text: '{"message":"Unauthorized"}' }

describe('a token', () => {
  it('that holds passes, its claims as strings', async () => {
    const api = await startGuarded()
    const token = await sign({
      ...good,
      email_verified: true,
      groups: ['admins', 'users'],
      address: { city: 'x' },
    })
    const { event } = echoed((await api.ask('/a', bearer(token))).text)
    expect(event.requestContext.authorizer).toEqual({
      jwt: {
        claims: {
          iss: issuer,
          aud: 'viewer',
          sub: 'u1',
          exp: String(seconds + 60),
          iat: String(seconds),
          email_verified: 'true',
          groups: '[admins users]',
          address: '{"city":"x"}',
        },
        scopes: null,
      },
    })
  })

  it('may come without the word Bearer, or with it in another case', async () => {
    const api = await startGuarded()
    const token = await sign(good)
    for (const authorization of [token, `bearer ${token}`]) {
      expect((await api.ask('/a', { headers: { authorization } })).status).toBe(200)
    }
  })

  it.each([
    ['one of several audiences', { aud: ['else', 'cli'] }],
    ['client_id where there is no aud', { aud: undefined, client_id: 'cli' }],
    ['nbf in the past', { nbf: seconds - 1 }],
  ])('passes with %s', async (_what, change) => {
    const api = await startGuarded()
    expect((await api.ask('/a', bearer(await sign({ ...good, ...change })))).status).toBe(200)
  })

  it.each([
    ['expired', { exp: seconds - 1 }],
    ['without an expiry', { exp: undefined }],
    ['not valid yet (nbf)', { nbf: seconds + 10 }],
    ['issued in the future (iat)', { iat: seconds + 10 }],
    ['of another issuer', { iss: 'https://evil.test' }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'else' }],
    ['for another audience, with a fitting client_id', { aud: 'else', client_id: 'viewer' }],
    ['without audience and client_id', { aud: undefined }],
  ])('is 401 Unauthorized when %s', async (_what, change) => {
    const api = await startGuarded()
    const reply = await api.ask('/a', bearer(await sign({ ...good, ...change })))
    expect({ status: reply.status, text: reply.text }).toEqual(unauthorized)
    expect(reply.headers['www-authenticate']).toContain('invalid_token')
  })

  it.each([
    ['signed by a stranger', () => sign(good, { key: stranger.privateKey })],
    ['of an unknown key', () => sign(good, { kid: 'other' })],
    [
      'signed by no RSA key',
      () => sign(good, { key: curve.privateKey, alg: 'ES256', kid: 'curve' }),
    ],
    ['unsigned', async () => `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(good))}.AA`],
    ['tampered with', async () => (await sign(good)).replace(/\.[^.]+\./, `.${btoa('{}')}.`)],
    ['of three words', async () => 'a.b.c'],
  ])('is 401 Unauthorized when %s', async (_what, make) => {
    const api = await startGuarded()
    const token = (await make()).replaceAll('=', '')
    const { status, text } = await api.ask('/a', bearer(token))
    expect({ status, text }).toEqual(unauthorized)
  })

  it.each([
    ['missing', {}],
    ['empty', { authorization: '' }],
    ['of another scheme', { authorization: 'Basic YTpi' }],
    ['no token at all', { authorization: 'Bearer x' }],
    ['a thousand dots', { authorization: `Bearer ${'.'.repeat(1000)}` }],
  ])('is 401 Unauthorized when %s', async (_what, headers) => {
    const api = await startGuarded()
    const reply = await api.ask('/a', { headers })
    expect({ status: reply.status, text: reply.text }).toEqual(unauthorized)
    expect(reply.headers['www-authenticate']).toBe('Bearer')
  })

  it('is not asked for where the route asks for none', async () => {
    const api = await startGuarded()
    const { event } = echoed((await api.ask('/open', bearer('x.y.z'))).text)
    expect(event.requestContext).not.toHaveProperty('authorizer')
  })

  it.each(['/broken', '/nonsense'])('is 500 while the keys cannot be had: %s', async (path) => {
    const api = await startGuarded([], new URL(path, jwks))
    expect((await api.ask('/a', bearer(await sign(good)))).status).toBe(500)
  })
})

describe('scopes', () => {
  it.each([
    ['scope as words', { scope: 'openid printers:read' }, ['openid', 'printers:read']],
    ['scp as a list', { scp: ['printers:read'] }, ['printers:read']],
  ])('pass when one fits: %s', async (_what, claims, expected) => {
    const api = await startGuarded(['printers:read', 'printers:all'])
    const { event } = echoed((await api.ask('/a', bearer(await sign({ ...good, ...claims })))).text)
    expect(event.requestContext.authorizer?.jwt.scopes).toEqual(expected)
  })

  it.each([
    ['none', {}],
    ['others', { scope: 'openid printers:reader' }],
  ])('are 403 Forbidden with %s', async (_what, claims) => {
    const api = await startGuarded(['printers:read'])
    const { status, text } = await api.ask('/a', bearer(await sign({ ...good, ...claims })))
    expect({ status, text }).toEqual({ status: 403, text: '{"message":"Forbidden"}' })
  })
})
