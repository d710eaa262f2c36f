import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from '../failure-code.ts'

/**
 * Makes a folder and those above it, for their owner alone. One by one: Node's `recursive` never ends
 * where the system denies a folder with ENOENT, as in /proc. Throws a system error.
 */
export const makeFolders = (folder: string): void => {
  if (existsSync(folder)) return
  if (dirname(folder) !== folder) makeFolders(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // Somebody else was quicker.
    if (codeOf(error) !== 'EEXIST') throw error
  }
}
