import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('./main.ts', import.meta.url))
const usual = fileURLToPath(new URL('../dist/agent/fluxrelay-agent.cjs', import.meta.url))

/**
 * One file for Node from 18.19 (Raspberry Pi OS) on. CommonJS, because pino, ws and commander call
 * `require`; ws's native helpers stay outside and are not needed.
 */
export const buildAgent = async (outfile: string): Promise<void> => {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'inline',
    external: ['bufferutil', 'utf-8-validate'],
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAgent(process.argv[2] ?? usual)
