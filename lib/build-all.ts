import { join } from 'node:path'
import { buildViewer } from '../viewer/build.ts'
import { bundleFunctions } from './bundle.ts'
import type { Builds } from './relay-stack.ts'

/** Builds what the stack puts into the account: the Lambdas' bundles and the viewer. */
export const buildAll = async (root: string, outDir: string): Promise<Builds> => {
  const builds = { bundles: join(outDir, 'functions'), viewer: join(outDir, 'viewer') }
  await Promise.all([
    bundleFunctions(root, builds.bundles),
    buildViewer({ outDir: builds.viewer, minify: true }),
  ])
  return builds
}
