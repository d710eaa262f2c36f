import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page, Route, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ErrorCodeName } from '../../protocol/error-codes.ts'
import { launchChromium } from '../support/chromium.ts'
import { freePort, startProcess, type RelayProcess } from '../support/relay-process.ts'

let browser: Browser
let relay: RelayProcess
let dataDir: string
/** Of an owner who is signed in: each page of it takes the sign-in of the first over. */
let context: BrowserContext
let signIn: Record<string, string>
let printer: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fluxrelay-troubles-'))
  const args = ['--port', String(await freePort()), '--data', dataDir]
  ;[browser, relay] = await Promise.all([launchChromium(), startProcess(args)])
  context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(relay.origin)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: /demo/i }).click()
  printer = (await page.getByTestId('printer-card').getAttribute('href')) ?? ''
  signIn = await page.evaluate(() => ({ ...sessionStorage }))
  await page.close()
})
afterAll(async () => {
  await browser.close()
  await relay.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** A page of the owner, before it goes anywhere. */
const ownersPage = async (): Promise<Page> => {
  const page = await context.newPage()
  await page.addInitScript((kept) => {
    for (const [name, value] of Object.entries(kept)) sessionStorage.setItem(name, value)
  }, signIn)
  return page
}
const hide = (page: Page) =>
  page.addInitScript(() => {
    let state = 'hidden'
    Object.defineProperty(document, 'visibilityState', { get: () => state })
    Object.assign(globalThis, {
      seen: () => {
        state = 'visible'
        document.dispatchEvent(new Event('visibilitychange'))
      },
    })
  })
const refuse = (route: Route, code: ErrorCodeName) =>
  route.fulfill({
    status: 403,
    json: { error: { code, message: 'no', retryable: false, requestId: 'r' } },
  })
const realTime = (page: Page) => page.waitForSelector('[data-testid=badge][data-badge=real-time]')

describe('a page that nobody sees', () => {
  it('ends its subscriptions after a minute, also when it was opened so', async () => {
    const page = await ownersPage()
    await hide(page)
    await page.clock.install()
    const unsubscribed = new Promise<void>((resolve) => {
      page.on('websocket', (socket) =>
        socket.on('framesent', ({ payload }) => {
          if (String(payload).includes('"unsubscribe"')) resolve()
        }),
      )
    })
    await page.goto(`${relay.origin}/${printer}`)
    await realTime(page)
    await page.clock.fastForward(61_000)
    await unsubscribed
    await page.close()
  })

  it('does not ask for the list until it is seen', async () => {
    const page = await ownersPage()
    await hide(page)
    let asked = 0
    await page.route('**/v1/printers', async (route) => {
      asked += 1
      await route.continue()
    })
    const sites = page.waitForResponse('**/v1/tickets')
    await page.goto(relay.origin)
    await sites
    expect(asked).toBe(0)
    await page.evaluate('globalThis.seen()')
    await page.getByTestId('printer-card').waitFor()
    expect(asked).toBe(1)
    await page.close()
  })
})

describe('a list that does not come', () => {
  it('says why, and asks no more where that cannot help', async () => {
    const page = await ownersPage()
    await page.clock.install()
    let asked = 0
    await page.route('**/v1/printers', async (route) => {
      asked += 1
      await refuse(route, 'not_admitted')
    })
    await page.goto(relay.origin)
    await page.getByText(/not let in here/).waitFor()
    await page.clock.runFor(20_000)
    expect(asked).toBe(1)
    await page.close()
  })

  it('does not say that nobody let one see a printer while the sites are not known', async () => {
    const page = await ownersPage()
    await page.clock.install()
    await page.route('**/v1/printers', (route) =>
      route.fulfill({ json: { printers: [], now: Date.now() } }),
    )
    await page.route('**/v1/sites', (route) => route.abort())
    await page.goto(relay.origin)
    await page.getByText(/relay does not answer/).waitFor()
    expect(await page.getByTestId('empty-list').count()).toBe(0)
    await page.unroute('**/v1/sites')
    await page.clock.fastForward(5_000)
    await page.getByTestId('empty-list').waitFor()
    await page.close()
  })
})

describe('rights that are withdrawn one after the other', () => {
  it('end the page only when the relay says that nothing is left', async () => {
    const page = await ownersPage()
    const links: WebSocketRoute[] = []
    let opened = (_: WebSocketRoute) => {}
    await page.routeWebSocket(/\?ticket=/, (link) => {
      link.connectToServer()
      links.push(link)
      opened(link)
    })
    const next = () => new Promise<WebSocketRoute>((resolve) => (opened = resolve))
    const withdraw = async (link: WebSocketRoute | undefined) => {
      link?.send(JSON.stringify({ type: 'closing', reason: 'access_revoked' }))
      await link?.close()
    }
    await page.goto(relay.origin)
    await realTime(page)
    let another = next()
    await withdraw(links[0])
    const second = await another
    another = next()
    await withdraw(second)
    await another
    await realTime(page)
    expect(await page.getByTestId('ended-access_revoked').count()).toBe(0)
    await page.getByTestId('withdrawn').getByRole('button', { name: 'OK' }).click()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN')
    await page.close()
  })
})

describe('a display on a wall whose link ended', () => {
  it('has a button for who comes by, and looks again by itself', async () => {
    const page = await context.newPage()
    await page.clock.install()
    const answer = {
      ...{ token: `frg_${'x'.repeat(43)}`, name: 'Hall', display: true, view: 'basic' },
      ...{ until: Date.now() + 3_600_000, now: Date.now() },
    }
    let redeemed = 0
    await page.route('**/v1/shares/redeem', (route) => {
      redeemed += 1
      return redeemed === 1 ? route.fulfill({ json: answer }) : refuse(route, 'secret_not_valid')
    })
    await page.route('**/v1/guest/**', (route) => refuse(route, 'secret_not_valid'))
    await page.goto(`${relay.origin}/#/s/${'x'.repeat(43)}`)
    await page.getByTestId('link-ended').getByRole('button').waitFor()
    expect(redeemed).toBe(1)
    const again = page.waitForResponse('**/v1/shares/redeem')
    await page.clock.fastForward(10 * 60_000)
    await again
    expect(redeemed).toBe(2)
    await page.close()
  })
})

describe('an invitation', () => {
  it('gives way to another one that is opened in the same tab', async () => {
    const page = await ownersPage()
    const looked: unknown[] = []
    await page.route('**/v1/invitations/look', async (route) => {
      looked.push(route.request().postDataJSON())
      const view = { site: `Site ${looked.length}`, role: 'viewer', siteId: 's' }
      const now = Date.now()
      await route.fulfill({ json: { ...view, now, until: now + 86_400_000 } })
    })
    const [first, second] = ['x', 'y'].map((sign) => sign.repeat(43))
    await page.goto(`${relay.origin}/#/invite/${first}`)
    await page.getByText('Site 1').waitFor()
    await page.goto(`${relay.origin}/#/invite/${second}`)
    await page.getByText('Site 2').waitFor()
    expect(looked).toEqual([{ secret: first }, { secret: second }])
    await page.close()
  })
})

describe('a start without a network', () => {
  it('says that the relay was not reached, and goes on when it is', async () => {
    const page = await ownersPage()
    await page.route('**/config.json', (route) => route.abort())
    await page.goto(relay.origin)
    await page.getByTestId('trouble-relay_unreachable').waitFor()
    await page.unroute('**/config.json')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByTestId('printer-card').waitFor()
    await page.close()
  })
})

describe('the list of prints', () => {
  it('stays good when earlier ones cannot be had, and gives them to who tries again', async () => {
    const page = await ownersPage()
    const printOf = (n: number) => ({ n, outcome: 'complete', name: `Part ${n}.gcode` })
    let earlier = 0
    await page.route('**/prints*', async (route) => {
      const last = new URL(route.request().url()).searchParams.has('before')
      if (last && (earlier += 1) === 1) return route.abort()
      const rest = last
        ? { prints: [1, 0].map(printOf) }
        : { prints: [3, 2].map(printOf), before: 2 }
      return route.fulfill({ json: { ...rest, now: Date.now() } })
    })
    await page.goto(`${relay.origin}/${printer}`)
    const prints = page.getByTestId('prints')
    await prints.getByText('Part 2').waitFor()
    await prints.getByRole('button').press('Enter')
    await prints.getByTestId('failure').waitFor()
    expect(await prints.getByText('Part 2').count()).toBe(1)
    await prints.getByRole('button').press('Enter')
    await prints.getByText('Part 0').waitFor()
    expect(await prints.getByTestId('failure').count()).toBe(0)
    // The button is gone; the keyboard goes on where the new entries begin.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch('Part 1')
    await page.close()
  })
})
