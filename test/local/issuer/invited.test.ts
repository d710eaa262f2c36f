import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addUser, listUsers, removeUser } from '../../../local/issuer/accounts.ts'
import {
  authorization,
  Browser,
  redeem,
  refresh,
  startIssuer,
  tempFolder,
  type Running,
} from './support.ts'

const email = 'vera@example.org'
const password = 'correct horse'
const day = 24 * 60 * 60_000
let dir: string
let remove: () => Promise<void>
let one: Running
let now = 0

beforeEach(async () => {
  ;({ dir, remove } = await tempFolder())
  now = Date.now()
  one = await startIssuer({ dataDir: dir, demoAccount: false, now: () => now })
})
afterEach(async () => {
  await one.stop()
  expect(one.errors).toEqual([])
  await remove()
})

const invited = async () => {
  const { state, link = '' } = await one.issuer.invite(email)
  expect(state).toBe('made')
  const { origin, pathname, hash } = new URL(link)
  return { page: `${origin}${pathname}`, secret: hash.slice(1) }
}
const choose = (secret: string, chosen = password, headers = {}) =>
  new Browser().post(`${one.issuerUrl}/welcome`, { secret, password: chosen }, headers)
const signIn = async (browser: Browser) => {
  const { url, verifier } = authorization(one)
  const page = await browser.follow(url)
  const end = await browser.post(`${page.url}/login`, { email, password })
  return end.response.status === 401 ? undefined : redeem(one, end.url, verifier)
}

describe('an invited account', () => {
  it('signs in with the password that is chosen under its link, and not before', async () => {
    const { page, secret } = await invited()
    expect(await signIn(new Browser())).toBeUndefined()
    const shown = await fetch(page)
    const html = await shown.text()
    expect(html).toContain('Choose a password')
    expect(shown.headers.get('content-security-policy')).toMatch(/script-src 'sha256-[^']+';/)
    expect(shown.headers.get('cache-control')).toBe('no-store')
    const { response } = await choose(secret)
    expect(await response.text()).toContain(`sign in as ${email}`)
    const tokens = await signIn(new Browser())
    expect(decodeJwt(tokens?.access_token ?? '')).toMatchObject({ email, email_verified: true })
    expect(await one.issuer.invite(email)).toEqual({ state: 'known' })
    expect(await listUsers(dir)).toMatchObject([{ email, invited: true }])
  })

  it('has a link that works once, for a week, and gives way to the next', async () => {
    const first = await invited()
    const second = await invited()
    expect((await choose(first.secret)).response.status).toBe(404)
    now += 7 * day
    expect((await choose(second.secret)).response.status).toBe(404)
    const third = await invited()
    expect((await choose(third.secret)).response.status).toBe(200)
    expect((await choose(third.secret, 'another password')).response.status).toBe(404)
    expect(await signIn(new Browser())).toBeDefined()
  })

  it('keeps its link for a better password, and takes none from another site', async () => {
    const { secret } = await invited()
    const short = await choose(secret, 'short')
    expect(short.response.status).toBe(400)
    expect(await short.response.text()).toContain(`value="${secret}"`)
    const foreign = await choose(secret, password, { origin: 'https://evil.example' })
    expect(foreign.response.status).toBe(403)
    expect((await choose(secret)).response.status).toBe(200)
  })

  it('keeps neither secret nor password readable', async () => {
    const { secret } = await invited()
    await choose(secret)
    await invitedElse()
    const text = await readFile(join(dir, 'users.json'), 'utf8')
    expect(text).toContain(email)
    expect(text).not.toContain(secret)
    expect(text).not.toContain(password)
  })
  const invitedElse = () => one.issuer.invite('bob@example.org')

  it('limits tries of links', async () => {
    for (let n = 0; n < 60; n += 1) {
      const status = (await choose('x')).response.status
      expect(status).toBe(404)
    }
    expect((await choose('x')).response.status).toBe(429)
  })

  it('does not count as the one that must stay, and many at once are all kept', async () => {
    await addUser(dir, { email: 'ada@example.org', password, name: 'Ada' })
    await Promise.all(['a', 'b', 'c'].map((name) => one.issuer.invite(`${name}@example.org`)))
    expect((await listUsers(dir)).length).toBe(4)
    await expect(removeUser(dir, 'ada@example.org')).rejects.toMatchObject({ code: 'last_user' })
    for (const name of ['a', 'b', 'c']) await removeUser(dir, `${name}@example.org`)
    expect((await listUsers(dir)).length).toBe(1)
  })
})

describe('ending the sign-ins of an account', () => {
  it('ends refresh tokens and the browser’s session, and nobody else’s', async () => {
    const { secret } = await invited()
    await choose(secret)
    const browser = new Browser()
    const tokens = await signIn(browser)
    const { sub = '' } = decodeJwt(tokens?.access_token ?? '')
    if (!tokens) throw new TypeError('no tokens')
    await one.issuer.endSignIns('somebody-else')
    expect((await refresh(one, tokens)).access_token).toBeDefined()
    await one.issuer.endSignIns(sub)
    expect(await refresh(one, tokens)).toMatchObject({ error: 'invalid_grant' })
    // The browser is asked again.
    const { response } = await browser.follow(authorization(one).url)
    expect(await response.text()).toContain('Sign in')
    expect(await signIn(browser)).toBeDefined()
  })
})

it('makes no accounts where only the demo account signs in', async () => {
  const demo = await startIssuer({ dataDir: join(dir, 'demo'), demoAccount: true })
  expect(await demo.issuer.invite(email)).toEqual({ state: 'elsewhere' })
  await demo.stop()
})
