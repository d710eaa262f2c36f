import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildAll } from '../../lib/build-all.ts'
import { synthesise } from '../lib/synthesised.ts'
import { lambdasOf, type LambdaPart } from '../lib/template-parts.ts'

const root = join(import.meta.dirname, '../..')

export interface RealLambda extends LambdaPart {
  /** The bundle in CDK's asset folder: the very file that a deployment uploads. */
  readonly file: string
}

/** The stack with its real bundles, and where CDK put each of them. */
export const realSynth = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fluxrelay-bundles-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const builds = await buildAll(root, folder)
  const made = synthesise({ admission: { emails: ['friend@example.com'] } }, builds)
  const lambdas = lambdasOf(made.template).map((part): RealLambda => {
    const { S3Key } = part.properties['Code'] as { S3Key: string }
    const asset = `asset.${S3Key.replace(/\.zip$/, '')}`
    return { ...part, file: join(made.outDir, asset, 'index.mjs') }
  })
  return { ...made, lambdas }
}
export type RealSynth = Awaited<ReturnType<typeof realSynth>>
