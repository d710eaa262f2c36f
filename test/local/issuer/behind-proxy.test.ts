import { createServer } from 'node:http'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { attempts } from '../../../local/issuer/attempts.ts'
import { createIssuer } from '../../../local/issuer/create-issuer.ts'
import { portOf, tempFolder } from './support.ts'

it('keeps to its public address and to secure cookies behind a proxy', async () => {
  const { dir, remove } = await tempFolder()
  const callback = 'https://relay.example.org/callback'
  const issuer = await createIssuer({
    issuerUrl: 'https://relay.example.org/oidc',
    dataDir: dir,
    demoAccount: false,
    redirectUris: [callback],
    postLogoutRedirectUris: [],
  })
  const server = createServer((req, res) => void issuer.handle(req, res))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const params = new URLSearchParams({
    client_id: issuer.clientId,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  })
  const response = await fetch(`http://127.0.0.1:${portOf(server)}/oidc/auth?${params}`, {
    redirect: 'manual',
  })
  expect(response.status).toBe(303)
  const cookies = response.headers.getSetCookie()
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies) {
    expect(cookie).toMatch(/path=\/oidc\/.*secure; httponly/i)
    expect(cookie).toMatch(/samesite=lax/i)
  }
  server.close()
  server.closeAllConnections()
  await issuer.close()
  await remove()
})

it('counts attempts of each name in windows of its own', () => {
  let now = 0
  const limited = attempts({ most: 2, withinMs: 100 }, () => now)
  expect([limited.take('a'), limited.take('a'), limited.take('a'), limited.take('b')]).toEqual([
    0, 0, 100, 0,
  ])
  now = 99
  expect(limited.take('a')).toBe(1)
  now = 100
  expect(limited.take('a')).toBe(0)
})
