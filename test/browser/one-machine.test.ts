import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { freePort, startProcess, type RelayProcess } from '../support/relay-process.ts'

let browser: Browser
let page: Page
let relay: RelayProcess
let dataDir: string
let args: string[]
/** What the page complained of: scripts that failed, addresses that the policy refused. */
const complaints: string[] = []

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fluxrelay-browser-'))
  args = ['--port', String(await freePort()), '--data', dataDir]
  ;[browser, relay] = await Promise.all([launchChromium(), startProcess(args)])
  page = await browser.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught/.test(message.text())) complaints.push(message.text())
  })
})
afterAll(async () => {
  await browser.close()
  await relay.stop()
  await rm(dataDir, { recursive: true, force: true })
})

const badge = (name: string) => page.waitForSelector(`[data-testid=badge][data-badge=${name}]`)
const changes = (testId: string) =>
  page.evaluate((id) => {
    const find = () => document.querySelector(`[data-testid="${id}"]`)?.textContent
    const before = find()
    return new Promise<boolean>((resolve) => {
      const observer = new MutationObserver(() => {
        if (find() === before || find() === undefined) return
        observer.disconnect()
        resolve(true)
      })
      observer.observe(document.body, { subtree: true, childList: true, characterData: true })
    })
  }, testId)

// The tests are steps of one visit, in this order.
describe('a browser at the one address', () => {
  it('signs in with one click and shows a printer within moments', async () => {
    await page.goto(relay.origin)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: /demo/i }).click()
    const signedIn = performance.now()
    await page.getByRole('link', { name: /Virtual printer/ }).click()
    await page.waitForSelector('[data-testid=actual-tool0]')
    console.log(`first data ${Math.round(performance.now() - signedIn)} ms after the sign-in`)
    expect(new URL(page.url()).search).toBe('')
  })

  it('shows temperatures that move, in real time', async () => {
    await badge('real-time')
    expect(await changes('actual-tool0')).toBe(true)
  })

  it('stays in real time from the printer to the list and back', async () => {
    await page.evaluate(() => {
      const seen = new Set<string>()
      const look = () =>
        document
          .querySelectorAll<HTMLElement>('[data-badge]')
          .forEach(({ dataset }) => seen.add(dataset['badge'] ?? ''))
      new MutationObserver(look).observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
      })
      Object.assign(globalThis, { badgesSeen: seen })
    })
    await page.getByRole('link', { name: 'All printers' }).click()
    await badge('real-time')
    await page.getByRole('link', { name: /Virtual printer/ }).click()
    expect(await changes('actual-tool0')).toBe(true)
    expect(await page.evaluate('[...globalThis.badgesSeen]')).toEqual(['real-time'])
  })

  it('says so when the relay is killed, and keeps the last state', async () => {
    await relay.kill()
    await page.waitForSelector('[data-testid=badge]:not([data-badge=real-time])')
    expect(await page.textContent('[data-testid=actual-tool0]')).toMatch(/\d/)
    await page.waitForSelector('[data-testid=trouble]')
  })

  it('recovers without a reload when the relay is back', async () => {
    relay = await startProcess(args)
    await badge('real-time')
    expect(await changes('actual-tool0')).toBe(true)
  })

  it('is still signed in after a reload', async () => {
    await page.reload()
    await badge('real-time')
  })

  it('signs out, and then shows nothing', async () => {
    await page.getByTestId('menu').click()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.waitForURL('**/oidc/session/end*')
    await page.getByRole('button', { name: /sign out/i }).click()
    await page.waitForSelector('[data-testid=sign-in]')
    expect(await page.locator('[data-testid=actual-tool0]').count()).toBe(0)
  })

  it('complained of nothing on the way', () => {
    expect(complaints).toEqual([])
  })
})
