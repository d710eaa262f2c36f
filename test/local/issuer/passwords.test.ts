import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addUser } from '../../../local/issuer/accounts.ts'
import {
  authorization,
  Browser,
  codeIn,
  redeem,
  startIssuer,
  tempFolder,
  type Running,
} from './support.ts'

const ada = { email: 'ada@example.org', password: 'correct horse', name: 'Ada <b>' }
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

const begin = async (browser: Browser) => {
  const { url, verifier } = authorization(one)
  return { page: (await browser.follow(url)).url, verifier }
}

describe('an account with a password', () => {
  it('signs in, also when it was added after the start', async () => {
    const account = await addUser(dir, ada)
    const browser = new Browser()
    const { page, verifier } = await begin(browser)
    const fields = { email: ' Ada@Example.org ', password: ada.password }
    const end = await browser.post(`${page}/login`, fields)
    const tokens = await redeem(one, end.url, verifier)
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      sub: account.sub,
      email: 'ada@example.org',
      name: 'Ada <b>',
    })
  })

  it('is refused alike for a wrong password and an unknown address', async () => {
    await addUser(dir, ada)
    const browser = new Browser()
    const { page } = await begin(browser)
    const wrong = { email: ada.email, password: 'battery staple' }
    const unknown = { email: '"><b>@example.org', password: ada.password }
    for (const fields of [wrong, unknown]) {
      const { response } = await browser.post(`${page}/login`, fields)
      expect(response.status).toBe(401)
      const html = await response.text()
      expect(html).toContain('role="alert"')
      expect(html).toContain('E-mail or password is wrong.')
      expect(html).not.toContain('"><b>')
    }
  })

  it('is limited to five attempts in a quarter of an hour, for its own address', async () => {
    await addUser(dir, ada)
    const browser = new Browser()
    const { page } = await begin(browser)
    const wrong = { email: ada.email, password: 'x' }
    for (let i = 0; i < 5; i++) {
      expect((await browser.post(`${page}/login`, wrong)).response.status).toBe(401)
    }
    const right = { email: ada.email, password: ada.password }
    const limited = await browser.post(`${page}/login`, right)
    expect(limited.response.status).toBe(429)
    expect(limited.response.headers.get('retry-after')).toBe('900')
    const other = { email: 'bob@example.org', password: 'x' }
    expect((await browser.post(`${page}/login`, other)).response.status).toBe(401)
    now += 15 * 60_000
    const again = await begin(browser)
    expect(codeIn((await browser.post(`${again.page}/login`, right)).url)).not.toBe('')
  })

  it('is not locked out by tries that were refused because everybody made too many', async () => {
    await addUser(dir, ada)
    const browser = new Browser()
    const { page } = await begin(browser)
    const tryAs = async (email: string, password: string) =>
      (await browser.post(`${page}/login`, { email, password })).response.status
    for (let i = 0; i < 60; i++) await tryAs('eve@example.org', 'x')
    for (let i = 0; i < 5; i++) expect(await tryAs(ada.email, 'x')).toBe(429)
    now += 60_000
    expect(await tryAs(ada.email, ada.password)).not.toBe(429)
  })

  it('keeps no password, and keeps its file to the owner', async () => {
    await addUser(dir, ada)
    const file = join(dir, 'users.json')
    expect(await readFile(file, 'utf8')).not.toContain(ada.password)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['a twin', { ...ada, email: 'ADA@example.org' }, 'user_exists'],
    ['no address', { ...ada, email: 'ada' }, 'invalid_user'],
    ['a short password', { ...ada, email: 'b@example.org', password: 'short' }, 'invalid_user'],
  ])('is not made for %s', async (_, user, code) => {
    await addUser(dir, ada)
    await expect(addUser(dir, user)).rejects.toMatchObject({ code })
  })

  it('reads no endless form', async () => {
    const browser = new Browser()
    const { page } = await begin(browser)
    const { response } = await browser.post(`${page}/login`, { email: 'x'.repeat(10_000) })
    expect(response.status).toBe(413)
  })
})
