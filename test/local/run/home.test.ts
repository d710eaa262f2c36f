import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { foldersIn, openHome } from '../../../local/run/home.ts'
import { readOptions } from '../../../local/run/options.ts'
import { start } from '../../../local/run/start.ts'
import { claimFolder } from '../../../local/tables/data-folder.ts'
import { silent } from '../../support/relay.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'fluxrelay-home-'))))
afterEach(() => rmSync(dir, { recursive: true }))

describe('the identity of an installation', () => {
  it('is found again, in a file for its owner alone', async () => {
    const home = await openHome(dir)
    expect(await openHome(dir)).toEqual(home)
    expect(statSync(foldersIn(dir).home).mode & 0o777).toBe(0o600)
    expect(existsSync(`${foldersIn(dir).home}.new`)).toBe(false)
  })

  it('is not made by a start that another was quicker than', async () => {
    const free = await claimFolder(foldersIn(dir).tables)
    const options = readOptions(['--port', '0', '--data', dir], {})
    const deps = { log: silent, scenario: undefined, agent: false }
    await expect(start(options, deps)).rejects.toMatchObject({ code: 'folder_in_use' })
    expect(existsSync(foldersIn(dir).home)).toBe(false)
    await free()
  })
})
