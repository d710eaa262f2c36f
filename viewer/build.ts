import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { BuildError } from './build-error.ts'

export interface ViewerBuild {
  /** Made if absent; its `assets` folder and `index.html` are replaced. */
  readonly outDir: string
  readonly minify: boolean
}

/** Files of a build, as paths below `outDir`. */
export interface BuiltViewer {
  readonly files: readonly string[]
}

const here = import.meta.dirname
const shortHash = (data: string) => createHash('sha256').update(data).digest('hex').slice(0, 10)

/**
 * Builds the web app: index.html, and script, style and icon under names that change with what is
 * in them, so that they can be cached for ever. Nothing is inline and nothing comes from elsewhere:
 * `default-src 'self'`, with `connect-src` for API, socket and issuer, is enough.
 */
export const buildViewer = async ({ outDir, minify }: ViewerBuild): Promise<BuiltViewer> => {
  const assets = join(outDir, 'assets')
  await rm(assets, { recursive: true, force: true })
  await mkdir(assets, { recursive: true })
  const { metafile } = await build({
    entryPoints: { app: join(here, 'main.tsx'), style: join(here, 'style.css') },
    outdir: assets,
    entryNames: '[name]-[hash]',
    bundle: true,
    minify,
    sourcemap: true,
    format: 'esm',
    target: ['es2022', 'chrome100', 'firefox100', 'safari15.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    mainFields: ['module', 'main'],
    metafile: true,
    logLevel: 'silent',
  })
  const names = Object.keys(metafile.outputs).map((path) => path.split('/').at(-1) ?? '')
  const icon = await readFile(join(here, 'icon.svg'), 'utf8')
  const iconName = `icon-${shortHash(icon)}.svg`
  await writeFile(join(assets, 'icon.svg'), icon)
  await writeFile(join(assets, iconName), icon)
  const html = (await readFile(join(here, 'index.html'), 'utf8'))
    .replace('%CSS%', `/assets/${one(names, '.css')}`)
    .replace('%JS%', `/assets/${one(names, '.js')}`)
    .replace('/assets/icon.svg', `/assets/${iconName}`)
  await writeFile(join(outDir, 'index.html'), html)
  return { files: ['index.html', ...[...names, 'icon.svg', iconName].map((n) => `assets/${n}`)] }
}

const one = (names: readonly string[], ending: string): string => {
  const name = names.find((some) => some.endsWith(ending))
  if (name === undefined) throw new BuildError(`the bundler wrote no ${ending} file`)
  return name
}
