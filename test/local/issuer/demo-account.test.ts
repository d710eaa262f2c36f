import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createIssuer } from '../../../local/issuer/create-issuer.ts'
import { shoot } from '../../support/raw-http.ts'
import {
  authorization,
  Browser,
  codeIn,
  redeem,
  refresh,
  signInAsDemo,
  startIssuer,
  tempFolder,
  type Running,
} from './support.ts'

let dir: string
let remove: () => Promise<void>
const running: Running[] = []
const start = async (options: Partial<Parameters<typeof startIssuer>[0]> = {}) => {
  const one = await startIssuer({ dataDir: dir, ...options })
  running.push(one)
  return one
}
const portOf = ({ origin }: Running) => Number(new URL(origin).port)

beforeEach(async () => ({ dir, remove } = await tempFolder()))
afterEach(async () => {
  for (const one of running.splice(0)) {
    await one.stop()
    expect(one.errors).toEqual([])
  }
  await remove()
})

it('gives tokens for a code once, also to ten who show it at the same moment', async () => {
  const one = await start()
  const { url, verifier } = authorization(one)
  const browser = new Browser()
  const page = await browser.follow(url)
  const end = await browser.post(`${page.url}/demo`, {})
  const all = await Promise.all(Array.from({ length: 10 }, () => redeem(one, end.url, verifier)))
  expect(all.filter(({ error }) => error === undefined)).toHaveLength(1)
  expect(all.filter(({ error }) => error === 'invalid_grant')).toHaveLength(9)
})

describe('the demo account', () => {
  it('signs in with one click, up to an access token that a JWT-guarded API accepts', async () => {
    const one = await start()
    const tokens = await signInAsDemo(one, new Browser())
    const { payload, protectedHeader } = await jwtVerify(
      tokens.access_token,
      createLocalJWKSet(one.issuer.jwks()),
      { issuer: one.issuerUrl, audience: 'fluxrelay' },
    )
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt' })
    expect(payload).toMatchObject({
      sub: 'demo-viewer',
      email: 'demo@fluxrelay.invalid',
      email_verified: true,
      name: 'Demo viewer',
      scope: 'fluxrelay/watch',
      client_id: 'fluxrelay-viewer',
    })
    expect(decodeJwt(tokens.id_token)).toMatchObject({
      sub: 'demo-viewer',
      email: 'demo@fluxrelay.invalid',
      name: 'Demo viewer',
    })
  })

  it('publishes the keys and addresses that its tokens are checked with', async () => {
    const one = await start()
    const { access_token: jwt } = await signInAsDemo(one, new Browser())
    const response = await fetch(`${one.issuerUrl}/.well-known/openid-configuration`, {
      headers: { 'x-forwarded-host': 'elsewhere.example', 'x-forwarded-proto': 'https' },
    })
    const found = (await response.json()) as Record<string, string>
    expect(found).toMatchObject({
      issuer: one.issuerUrl,
      authorization_endpoint: `${one.issuerUrl}/auth`,
      token_endpoint: `${one.issuerUrl}/token`,
      end_session_endpoint: `${one.issuerUrl}/session/end`,
    })
    const keys = createRemoteJWKSet(new URL(found['jwks_uri'] ?? ''))
    await expect(jwtVerify(jwt, keys, { issuer: one.issuerUrl })).resolves.toBeDefined()
    expect(JSON.stringify(one.issuer.jwks())).not.toMatch(/"(d|p|q)":/)
  })

  it('renews silently, again and again with one refresh token', async () => {
    const one = await start()
    const tokens = await signInAsDemo(one, new Browser())
    for (let i = 0; i < 3; i++) {
      const renewed = await refresh(one, tokens)
      expect(decodeJwt(renewed.access_token)).toMatchObject({
        aud: 'fluxrelay',
        scope: 'fluxrelay/watch',
        email: 'demo@fluxrelay.invalid',
      })
    }
  })

  it('keeps people signed in over a restart', async () => {
    const before = await start()
    const browser = new Browser()
    const tokens = await signInAsDemo(before, browser)
    await running.pop()?.stop()
    const after = await start({ port: portOf(before) })
    expect((await refresh(after, tokens)).error).toBeUndefined()
    const again = authorization(after, { prompt: 'none' })
    const { url } = await browser.follow(again.url)
    const renewed = await redeem(after, url, again.verifier)
    const keys = createLocalJWKSet(after.issuer.jwks())
    await expect(jwtVerify(renewed.access_token, keys)).resolves.toBeDefined()
    await expect(jwtVerify(tokens.access_token, keys)).resolves.toBeDefined()
  })

  it('is no account at all after a restart without it', async () => {
    const before = await start()
    const browser = new Browser()
    const tokens = await signInAsDemo(before, browser)
    await running.pop()?.stop()
    const after = await start({ port: portOf(before), demoAccount: false })
    expect((await refresh(after, tokens)).error).toBe('invalid_grant')
    const silent = await browser.follow(authorization(after, { prompt: 'none' }).url)
    expect(new URL(silent.url).searchParams.get('error')).toBe('login_required')
    const page = await browser.follow(authorization(after).url)
    expect(await page.response.text()).not.toContain('demo viewer')
    const forced = await browser.post(`${page.url}/demo`, {})
    expect(forced.response.status).toBe(404)
  })

  it('is refused anywhere but on loopback', async () => {
    const options = {
      issuerUrl: 'https://relay.example.org/oidc',
      dataDir: dir,
      demoAccount: true,
      redirectUris: ['https://relay.example.org/callback'],
      postLogoutRedirectUris: [],
    }
    await expect(createIssuer(options)).rejects.toMatchObject({ code: 'demo_not_on_loopback' })
  })

  it('forgets a sign-in after two weeks', async () => {
    let now = Date.now()
    const one = await start({ now: () => now })
    const tokens = await signInAsDemo(one, new Browser())
    now += 13 * 24 * 3600_000
    expect((await refresh(one, tokens)).error).toBeUndefined()
    now += 2 * 24 * 3600_000
    expect((await refresh(one, tokens)).error).toBe('invalid_grant')
  })
})

describe('signing out', () => {
  it('ends the session and the refresh token, and goes back to the app', async () => {
    const one = await start()
    const browser = new Browser()
    const tokens = await signInAsDemo(one, browser)
    const params = new URLSearchParams({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: `${one.origin}/`,
    })
    const { response } = await browser.follow(`${one.issuerUrl}/session/end?${params}`)
    const html = await response.text()
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? ''
    const end = await browser.post(`${one.issuerUrl}/session/end/confirm`, { xsrf, logout: 'yes' })
    expect(end.url).toBe(`${one.origin}/`)
    const { url } = await browser.follow(authorization(one, { prompt: 'none' }).url)
    expect(new URL(url).searchParams.get('error')).toBe('login_required')
    expect((await refresh(one, tokens)).error).toBe('invalid_grant')
  })

  it('goes nowhere that was not registered', async () => {
    const one = await start()
    const browser = new Browser()
    const tokens = await signInAsDemo(one, browser)
    const params = new URLSearchParams({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: 'https://elsewhere.example/',
    })
    const { response, url } = await browser.follow(`${one.issuerUrl}/session/end?${params}`)
    expect(response.status).toBe(400)
    expect(url).toContain(one.issuerUrl)
  })
})

describe('the doors of the issuer', () => {
  it.each([
    ['another redirect address', { redirect_uri: 'https://elsewhere.example/callback' }],
    ['a longer redirect address', { redirect_uri: 'REGISTERED/more' }],
    ['an unknown client', { client_id: 'someone' }],
  ])('redirects nowhere for %s', async (_, extra) => {
    const one = await start()
    const entries = Object.entries(extra).map(([k, v]) => [
      k,
      v.replace('REGISTERED', one.callback),
    ])
    const { url } = authorization(one, Object.fromEntries(entries) as Record<string, string>)
    const response = await new Browser().go(url)
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('refuses a sign-in without PKCE, and a code with the wrong secret', async () => {
    const one = await start()
    const { url } = authorization(one)
    const bare = new URL(url)
    bare.searchParams.delete('code_challenge')
    bare.searchParams.delete('code_challenge_method')
    const refused = await new Browser().follow(bare.href)
    expect(new URL(refused.url).searchParams.get('error')).toBe('invalid_request')

    const browser = new Browser()
    const page = await browser.follow(authorization(one).url)
    const end = await browser.post(`${page.url}/demo`, {})
    expect(codeIn(end.url)).not.toBe('')
    expect((await redeem(one, end.url, 'x'.repeat(43))).error).toBe('invalid_grant')
  })

  it('gives out a code once', async () => {
    const one = await start()
    const browser = new Browser()
    const { url, verifier } = authorization(one)
    const page = await browser.follow(url)
    const end = await browser.post(`${page.url}/demo`, {})
    const tokens = await redeem(one, end.url, verifier)
    expect((await redeem(one, end.url, verifier)).error).toBe('invalid_grant')
    expect((await refresh(one, tokens)).error).toBe('invalid_grant')
  })

  it('takes a sign-in only from the browser that began it, and from its own page', async () => {
    const one = await start()
    const browser = new Browser()
    const page = await browser.follow(authorization(one).url)
    const stolen = await new Browser().post(`${page.url}/demo`, {})
    expect(stolen.response.status).toBe(400)
    const foreign = await browser.post(`${page.url}/demo`, {}, { origin: 'https://evil.example' })
    expect(foreign.response.status).toBe(403)
    expect((await browser.go(`${page.url}/demo`)).status).toBe(405)
    const own = await browser.post(`${page.url}/demo`, {}, { origin: one.origin })
    expect(codeIn(own.url)).not.toBe('')
  })

  it('serves pages without scripts, for phones and both colour schemes', async () => {
    const one = await start()
    const { response } = await new Browser().follow(authorization(one).url)
    const html = await response.text()
    expect(html).toContain('Continue as demo viewer')
    expect(html).not.toContain('<script')
    expect(html).toContain('prefers-color-scheme: dark')
    expect(html).toContain('width=device-width')
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/default-src 'none'; style-src 'sha256-[^']+'; form-action 'self' http/)
    expect(policy).not.toContain('unsafe')
  })

  it('writes no warnings, and answers unknown paths', async () => {
    const written = (['log', 'info', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => {}),
    )
    const one = await start()
    await signInAsDemo(one, new Browser())
    expect((await fetch(`${one.issuerUrl}/nothing`)).status).toBe(404)
    expect((await fetch(one.issuerUrl)).status).toBe(404)
    const hostLike = await shoot(
      Number(new URL(one.origin).port),
      'POST /oidc//a?2#${7*7} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    )
    expect(hostLike.statuses).toEqual([404])
    expect(one.errors).toEqual([])
    for (const spy of written) {
      expect(spy.mock.calls).toEqual([])
      spy.mockRestore()
    }
  })
})

describe('the data folder', () => {
  it('holds its files for the owner alone', async () => {
    const one = await start()
    await signInAsDemo(one, new Browser())
    const files = await readdir(dir)
    expect(files.sort()).toEqual(['keys.json', 'sign-ins.json'])
    for (const file of files) expect((await stat(join(dir, file))).mode & 0o777).toBe(0o600)
  })

  it.each(['keys.json', 'sign-ins.json'])('is told damaged when %s is', async (file) => {
    await start()
    const one = running.pop()
    await one?.stop()
    await writeFile(join(dir, file), '{"half":')
    const failure = await startIssuer({ dataDir: dir }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'data_damaged' })
    expect((failure as Error).message).toContain(join(dir, file))
    expect(await readFile(join(dir, file), 'utf8')).toBe('{"half":')
  })
})
