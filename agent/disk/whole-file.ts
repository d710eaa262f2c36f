import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf } from '../failure-code.ts'

/**
 * Replaces a file: whoever reads it finds all of the old or all of the new, whatever happens
 * meanwhile. `beforeRename` may change the new file while nobody knows it yet.
 */
export const replaceWhole = (
  path: string,
  text: string,
  encoding: 'latin1' | 'utf8',
  beforeRename: (file: number) => void = () => {},
): void => {
  writeThrough(`${path}.new`, 'w', text, encoding, beforeRename)
  renameSync(`${path}.new`, path)
  syncFolder(dirname(path))
}

/** Writes to the disk and not only to its cache; a new file is for its owner alone. */
export const writeThrough = (
  path: string,
  flag: 'a' | 'w',
  text: string,
  encoding: 'latin1' | 'utf8',
  meanwhile: (file: number) => void = () => {},
): void => {
  const file = openSync(path, flag, 0o600)
  try {
    meanwhile(file)
    writeFileSync(file, text, encoding)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A rename is on the disk when its folder is; some file systems cannot do that, and need not. */
const syncFolder = (folder: string): void => {
  const file = openSync(folder, 'r')
  try {
    fsyncSync(file)
  } catch (error) {
    if (codeOf(error) !== 'EINVAL' && codeOf(error) !== 'EPERM') throw error
  } finally {
    closeSync(file)
  }
}
