import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { entryNames } from '../../functions/routes.ts'
import { parseConfig, type Config } from '../../lib/config.ts'
import { addRelay } from '../../lib/relay-app.ts'
import type { Builds, RelayStack } from '../../lib/relay-stack.ts'

/** The least that an operator must say. */
export const least = { region: 'eu-central-1', ownerEmail: 'owner@example.com' } as const

export const configOf = (more: object = {}): Config => parseConfig({ ...least, ...more }, 'a test')

interface CdkJson {
  readonly context: Record<string, unknown>
}
const cdkJson = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8'),
) as CdkJson

const folder = mkdtempSync(join(tmpdir(), 'fluxrelay-lib-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** Files in the place of the real builds: what is in a Lambda is test/bundles' matter. */
const standIns = (): Builds => {
  const builds = { bundles: join(folder, 'functions'), viewer: join(folder, 'viewer') }
  for (const entry of entryNames) write(join(builds.bundles, entry), 'index.mjs', `// ${entry}\n`)
  write(builds.viewer, 'index.html', '<!doctype html>\n')
  return builds
}

const write = (path: string, file: string, text: string): void => {
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, file), text)
}

export interface Synthesised {
  readonly app: App
  readonly stack: RelayStack
  readonly template: Template
  /** Where CDK wrote the template and the assets to. */
  readonly outDir: string
}

/** The stack under the settings of cdk.json; throws when cdk-nag finds anything unexplained. */
export const synthesise = (more: object = {}, builds: Builds = standIns()): Synthesised => {
  const outDir = mkdtempSync(join(folder, 'out-'))
  const app = new App({ context: cdkJson.context, outdir: outDir })
  const stack = addRelay(app, configOf(more), builds)
  return { app, stack, template: Template.fromStack(stack), outDir }
}
