import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { buildAll } from '../lib/build-all.ts'
import { ConfigError } from '../lib/config-error.ts'
import { loadConfig } from '../lib/load-config.ts'
import { addRelay } from '../lib/relay-app.ts'

/** The CDK app: checks the configuration, builds, and puts the stack together. */
const root = join(import.meta.dirname, '..')

try {
  const app = new App()
  const config = loadConfig(app.node)
  addRelay(app, config, await buildAll(root, join(root, 'dist/cdk')))
  app.synth()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
