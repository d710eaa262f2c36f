import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { makeFolders } from '../../../agent/disk/make-folders.ts'

const folder = mkdtempSync(join(tmpdir(), 'folders-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('making folders', () => {
  it('makes all that lack, for their owner alone, and takes what is there', () => {
    const deep = join(folder, 'a', 'b', 'c')
    makeFolders(deep)
    makeFolders(deep)
    expect(existsSync(deep)).toBe(true)
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
  })

  it('ends where the system denies one', () => {
    expect(() => makeFolders('/proc/nowhere/deeper')).toThrow(/ENOENT|EACCES|EPERM/)
  })
})
