import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { entryNames } from '../functions/routes.ts'
import { bundleFolder, bundleFunctions } from '../lib/bundle.ts'

/**
 * `npm run bench:bundles`: the size of every Lambda's bundle, and how long a fresh process needs to
 * import it beyond an empty module; the median of several.
 */
const runs = 7

const environment = {
  PATH: process.env['PATH'] ?? '',
  LIVE_TABLE: 'live',
  DIRECTORY_TABLE: 'directory',
  GATEWAY_ENDPOINT: 'https://gateway.invalid/ws',
  BROADCAST_FUNCTION: 'broadcast',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
}

/** ms that the import takes in a process of its own. */
const importOnce = (specifier: string): number => {
  const script = `const s = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - s)`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: environment,
    encoding: 'utf8',
  })
  return Number(stdout.trim())
}

const median = (specifier: string): number => {
  const times = Array.from({ length: runs }, () => importOnce(specifier)).sort((a, b) => a - b)
  return times[Math.floor(runs / 2)] ?? NaN
}

const folder = mkdtempSync(join(tmpdir(), 'fluxrelay-bench-'))
try {
  await bundleFunctions(join(import.meta.dirname, '..'), folder)
  const empty = median('data:text/javascript,')
  console.log(`Node ${process.version}; an empty module takes ${empty.toFixed(1)} ms\n`)
  console.log(`${'function'.padEnd(16)}${'KB'.padStart(8)}${'import ms'.padStart(12)}`)
  for (const entry of entryNames) {
    const file = join(bundleFolder(folder, entry), 'index.mjs')
    const kilobytes = (statSync(file).size / 1024).toFixed(0)
    const ms = (median(pathToFileURL(file).href) - empty).toFixed(1)
    console.log(`${entry.padEnd(16)}${kilobytes.padStart(8)}${ms.padStart(12)}`)
  }
} finally {
  rmSync(folder, { recursive: true })
}
