import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

const take = async (name: string) => {
  for (const [screen, size] of Object.entries(screens))
    for (const colorScheme of themes) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: join(folder, `${name}-${screen}-${colorScheme}.png`) })
    }
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
await relay.kill()
await page.waitForSelector('[data-testid=badge][data-badge=reconnecting]')
await take('reconnecting')
await browser.close()
await rm(dataDir, { recursive: true, force: true })
