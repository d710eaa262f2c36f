import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser } from 'playwright-core'

/** What keeps a Chromium quiet on a machine without a network, a GPU or a desktop. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const folder = join(import.meta.dirname, '../../node_modules/.cache/chromium')

/**
 * Unpacks the Chromium of an npm package, with the libraries (libnss3, …) and fonts that come with
 * it, so that a browser test needs nothing from the machine. The package only brings its libraries
 * along when it believes to be in Lambda, which its own process is told here.
 */
const unpack = async (): Promise<string> => {
  mkdirSync(folder, { recursive: true })
  const script =
    "import('@sparticuz/chromium').then(async (m) => console.log(await m.default.executablePath()))"
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
    env: { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' },
  })
  return stdout.trim()
}

/**
 * Where the fonts are. The package's own file names folders of Lambda and `/tmp/fonts`, and without
 * any font Chromium's pages crash.
 */
const fontSettings = (): string => {
  const path = join(folder, 'fontconfig')
  mkdirSync(path, { recursive: true })
  const dirs = `<dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir>`
  writeFileSync(join(path, 'fonts.conf'), `<?xml version="1.0"?><fontconfig>${dirs}</fontconfig>\n`)
  return path
}

/** A real Chromium out of an npm package, or the one that CHROMIUM_PATH names. */
export const launchChromium = async (): Promise<Browser> => {
  const named = process.env['CHROMIUM_PATH']
  if (named !== undefined && existsSync(named))
    return chromium.launch({ executablePath: named, args: flags })
  return chromium.launch({
    executablePath: await unpack(),
    args: flags,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_PATH: fontSettings(),
    },
  })
}
