import { join } from 'node:path'
import { build } from 'esbuild'
import { entryNames } from '../functions/routes.ts'

/**
 * The SDK's other sources of credentials, a quarter of a bundle. Lambda gives credentials in the
 * environment, the first place the SDK looks, so it never comes to importing these.
 */
const unusedCredentials = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
] as const

/** The folder of one entry's bundle, `index.mjs` and its source map. */
export const bundleFolder = (outDir: string, entry: string): string => join(outDir, entry)

/**
 * Bundles every entry in one esbuild call (a third faster than one each, and no Docker): the SDK
 * inside, so that it is the one that was tested and needs half the time to load.
 */
export const bundleFunctions = async (root: string, outDir: string): Promise<void> => {
  await build({
    absWorkingDir: root,
    entryPoints: entryNames.map((name) => ({
      in: join('functions', `${name}.ts`),
      out: `${name}/index`,
    })),
    outdir: outDir,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    external: [...unusedCredentials],
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'error',
    // Parts of the SDK are CommonJS and call `require`, which an ES module does not have.
    banner: {
      js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
    },
  })
}
