import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { freePort, startProcess } from '../support/relay-process.ts'

/**
 * Takes the pictures of the documents: every page, on a phone and a desktop, in both themes.
 * `npm run pictures -- FOLDER`; without a folder, docs/images.
 */
const folder = process.argv[2] ?? join(import.meta.dirname, '../../docs/images')
const screens = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } }
const themes = ['light', 'dark'] as const
/** Long enough for the little plots to have a shape. */
const samplesMs = 20_000

const dataDir = await mkdtemp(join(tmpdir(), 'fluxrelay-pictures-'))
const args = ['--port', String(await freePort()), '--data', dataDir]
const [browser, relay] = await Promise.all([launchChromium(), startProcess(args)])
const context = await browser.newContext({ locale: 'en-GB', deviceScaleFactor: 2 })
const page = await context.newPage()

const take = async (name: string, of: Page = page) => {
  for (const [screen, size] of Object.entries(screens))
    for (const colorScheme of themes) {
      await of.setViewportSize(size)
      // A colour that is still on its way to the other theme would be in the picture.
      await of.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await of.screenshot({ path: join(folder, `${name}-${screen}-${colorScheme}.png`) })
    }
}

const invite = async (email: string) => {
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByLabel('E-mail address (optional)').fill(email)
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByTestId('invitation-link').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
}
const share = async (name: string): Promise<string> => {
  await page.getByRole('button', { name: 'Make a share link' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('button', { name: 'Make the link' }).click()
  const made = (await page.getByTestId('share-link').textContent()) ?? ''
  await page.getByRole('button', { name: 'Done' }).click()
  return made
}

await page.goto(relay.origin)
await page.getByRole('button', { name: 'Sign in' }).waitFor()
await take('sign-in')
await page.getByRole('button', { name: 'Sign in' }).click()
await page.getByRole('button', { name: /demo/i }).waitFor()
await take('issuer')
await page.getByRole('button', { name: /demo/i }).click()
await page.waitForSelector('[data-testid=badge][data-badge=real-time]')
await take('list')
await page.getByRole('link', { name: /Virtual printer/ }).click()
await page.waitForSelector('[data-testid=actual-tool0]')
await page.waitForTimeout(samplesMs)
await take('printer')
await page.goto(`${relay.origin}/#/add`)
await page.getByLabel('Name of the printer').fill('Voron 2.4')
await page.getByRole('button', { name: 'Get a code' }).click()
await page.getByTestId('pairing-code').waitFor()
await take('pairing')
await page.getByTestId('menu').click()
await page.getByRole('link', { name: 'People and sharing' }).click()
await invite('bob@example.org')
const link = await share('Club evening')
await share('Screen in the hall')
await page.getByTestId('share').nth(1).waitFor()
const guest = await (await browser.newContext({ locale: 'en-GB', deviceScaleFactor: 2 })).newPage()
await guest.goto(link)
await guest.waitForSelector('[data-testid=badge][data-badge=real-time]')
await take('guest', guest)
await page.reload()
await page.getByTestId('share').nth(1).waitFor()
await take('site')
await page.goto(`${relay.origin}/#/`)
await page.getByRole('link', { name: /Virtual printer/ }).click()
await page.waitForSelector('[data-testid=badge][data-badge=real-time]')
await relay.kill()
await page.waitForSelector('[data-testid=badge][data-badge=reconnecting]')
await take('reconnecting')
await browser.close()
await rm(dataDir, { recursive: true, force: true })
