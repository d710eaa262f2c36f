import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redeemedCodeSchema } from '../../protocol/rest-pairing.ts'
import { launchChromium } from '../support/chromium.ts'
import { freePort, startProcess, type RelayProcess } from '../support/relay-process.ts'

let browser: Browser
let relay: RelayProcess
let dataDir: string
let owner: Page
let guest: Page
let link: string
/** What the pages complained of: scripts that failed, addresses that the policy refused. */
const complaints: string[] = []
/** Every address that a page asked for, and all that it said in its log and its title. */
const asked: string[] = []
const said: string[] = []
const secrets: string[] = []

const pageOf = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy|Uncaught/.test(message.text())) complaints.push(message.text())
  })
  page.on('request', (request) => asked.push(request.url()))
  page.on('console', (message) => said.push(message.text()))
  return page
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fluxrelay-sharing-'))
  const args = ['--port', String(await freePort()), '--data', dataDir]
  ;[browser, relay] = await Promise.all([launchChromium(), startProcess(args)])
  owner = await pageOf(await browser.newContext())
  await owner.goto(relay.origin)
  await owner.getByRole('button', { name: 'Sign in' }).click()
  await owner.getByRole('button', { name: /demo/i }).click()
  await owner.getByTestId('printer-card').waitFor()
})
afterAll(async () => {
  await browser.close()
  await relay.stop()
  await rm(dataDir, { recursive: true, force: true })
})

const toSite = async () => {
  await owner.getByTestId('menu').click()
  await owner
    .getByRole('link', { name: /People and sharing/ })
    .last()
    .click()
  await owner.getByTestId('people').waitFor()
}
const share = async (name: string, of: string): Promise<string> => {
  await owner.getByRole('button', { name: 'Make a share link' }).click()
  await owner.getByRole('textbox', { name: 'Name' }).waitFor()
  // The focus is there already.
  await owner.keyboard.type(name)
  await owner.getByLabel('Shows', { exact: true }).selectOption({ label: of })
  await owner.getByRole('button', { name: 'Make the link' }).click()
  const made = (await owner.getByTestId('share-link').textContent()) ?? ''
  await owner.getByRole('button', { name: 'Done' }).click()
  return made
}
/** What an agent does with the code that its owner typed. */
const redeem = async (code: string) => {
  const answer = await fetch(`${relay.origin}/v1/pairing/redeem`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, version: 'test' }),
  })
  return redeemedCodeSchema.parse(await answer.json())
}

// The tests are steps of one visit, in this order.
describe('an owner in a browser', () => {
  it('gets a code for a new printer, and is told when the printer is there', async () => {
    await owner.getByTestId('add-printer').click()
    await owner.getByLabel('Name of the printer').fill('Zweiter Drucker 二')
    await owner.getByRole('button', { name: 'Get a code' }).click()
    const code = (await owner.getByTestId('pairing-code').textContent()) ?? ''
    expect(code).toMatch(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/)
    expect(await owner.getByTestId('pair-command').textContent()).toBe(
      `fluxrelay-agent pair ${relay.origin}`,
    )
    expect((await redeem(code)).name).toBe('Zweiter Drucker 二')
    await owner.getByTestId('arrived').waitFor()
    await owner.getByRole('link', { name: 'Watch it' }).click()
    await owner.getByText('Waiting for its agent').first().waitFor()
  })

  it('makes a basic share link for one printer, shown once', async () => {
    await toSite()
    await owner.getByTestId('audit').getByRole('button', { name: 'Show' }).click()
    await owner.getByText('Printer paired').waitFor()
    link = await share('Club evening', 'Virtual printer')
    expect(link.startsWith(`${relay.origin}/#/s/`)).toBe(true)
    await owner.getByTestId('share').waitFor()
    expect(await owner.getByTestId('share-link').count()).toBe(0)
    await owner.getByTestId('audit').getByText('Share link made: Club evening').waitFor()
  })
})

describe('a guest in another browser', () => {
  it('sees temperatures in real time without a sign-in, and no name of a file', async () => {
    guest = await pageOf(await browser.newContext())
    await guest.goto(link)
    await guest.getByTestId('actual-tool0').waitFor()
    await guest.waitForSelector('[data-testid=badge][data-badge=real-time]')
    await guest.getByTestId('completion').waitFor()
    expect(await guest.getByTestId('state').textContent()).toBe('Printing')
    expect(await guest.getByTestId('job-name').count()).toBe(0)
    said.push(await guest.title())
    expect(await guest.textContent('body')).not.toMatch(/gcode|Sign out/)
  })

  it('sees it again after a reload, as the same guest', async () => {
    await guest.reload()
    await guest.getByTestId('actual-tool0').waitFor()
    expect(asked.filter((url) => url.endsWith('/v1/shares/redeem'))).toHaveLength(1)
  })

  it('is told within 5 s when the owner withdraws the link', async () => {
    await owner.getByRole('button', { name: 'Withdraw: Club evening' }).click()
    await owner.getByRole('button', { name: 'Withdraw', exact: true }).click()
    await guest.getByTestId('link-ended').waitFor({ timeout: 5_000 })
    await owner.getByTestId('audit').getByText('Share link withdrawn: Club evening').waitFor()
    expect(await guest.getByTestId('actual-tool0').count()).toBe(0)
    await guest.reload()
    await guest.getByTestId('link-ended').waitFor()
  })
})

describe('a guest of a whole site', () => {
  it('goes on with the other printers when one is removed, and so does its owner', async () => {
    const whole = await share('The whole site', 'All printers')
    await guest.goto(whole)
    await guest.getByTestId('printer-card').nth(1).waitFor()
    await guest.waitForSelector('[data-testid=badge][data-badge=real-time]')
    await owner.getByRole('button', { name: 'Remove: Zweiter Drucker 二' }).click()
    await owner.getByRole('button', { name: 'Remove', exact: true }).click()
    await guest.getByText('Zweiter Drucker').waitFor({ state: 'detached' })
    await guest.getByTestId('withdrawn').getByRole('button', { name: 'OK' }).click()
    await guest.waitForSelector('[data-testid=badge][data-badge=real-time]')
    const there = owner.getByTestId('site-printers').getByText('Zweiter Drucker')
    await there.waitFor({ state: 'detached' })
    expect(await owner.getByTestId('withdrawn').count()).toBe(0)
  })
})

describe('a new token', () => {
  it('is told when the agent has it', async () => {
    await owner.getByRole('button', { name: 'New token: Virtual printer' }).click()
    await redeem((await owner.getByTestId('pairing-code').textContent()) ?? '')
    await owner.getByTestId('token-given').waitFor()
    await owner.getByRole('button', { name: 'Done' }).click()
    await owner.getByText('2 tokens').waitFor()
  })
})

describe('an invitation', () => {
  it('leaves the address bar, outlives the sign-in, and says what it is for', async () => {
    await owner.getByRole('button', { name: 'Invite somebody' }).click()
    await owner.getByRole('button', { name: 'Invite', exact: true }).click()
    const invitation = (await owner.getByTestId('invitation-link').textContent()) ?? ''
    await owner.getByRole('button', { name: 'Done' }).click()
    const invited = await pageOf(await browser.newContext())
    await invited.goto(invitation)
    await invited.getByRole('heading', { name: 'You are invited' }).waitFor()
    expect(invited.url()).toBe(`${relay.origin}/#/invite`)
    await invited.getByRole('button', { name: 'Sign in' }).click()
    await invited.getByRole('button', { name: /demo/i }).click()
    await invited.getByTestId('invitation').waitFor()
    said.push(await invited.title())
    secrets.push(invitation.split('/').at(-1) ?? '')
    expect(invited.url()).toBe(`${relay.origin}/#/invite`)
    await invited.getByRole('button', { name: 'Accept' }).click()
    await invited.getByTestId('printer-card').first().waitFor()
  })

  it('says so when it does not work', async () => {
    await owner.goto(`${relay.origin}/#/invite/${'x'.repeat(43)}`)
    await owner.getByTestId('invitation-refused').waitFor()
  })
})

describe('secrets of links', () => {
  it('reach no address that is asked for, no title and no log', () => {
    secrets.push(link.split('/').at(-1) ?? '')
    expect(secrets.map(({ length }) => length)).toEqual([43, 43])
    const told = [...asked.map((url) => url.split('#', 1)[0] ?? ''), ...said]
    expect(told.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([])
    expect(complaints).toEqual([])
  })
})
