import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildViewer } from '../../viewer/build.ts'

describe('the built viewer', () => {
  let outDir: string
  let files: readonly string[]
  let html: string
  beforeAll(async () => {
    outDir = await mkdtemp(join(tmpdir(), 'viewer-'))
    files = (await buildViewer({ outDir, minify: true })).files
    html = await readFile(join(outDir, 'index.html'), 'utf8')
  })
  afterAll(() => rm(outDir, { recursive: true }))

  it('has every file that its page names', async () => {
    const named = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, path]) => path)
    expect(named).toHaveLength(3)
    for (const path of named) expect(files).toContain(path)
  })

  it('holds nothing inline and nothing from elsewhere, for a strict policy', async () => {
    expect(html).not.toMatch(/<style|style="|<script(?![^>]*src=)| on\w+="|https?:/)
    const css = files.find((path) => path.endsWith('.css')) ?? ''
    expect(await readFile(join(outDir, css), 'utf8')).not.toMatch(/url\(|@import/)
  })

  it('is small', async () => {
    const js = files.find((path) => path.endsWith('.js')) ?? ''
    expect((await readFile(join(outDir, js))).byteLength).toBeLessThan(230_000)
  })
})
