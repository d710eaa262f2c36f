import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { codeOf, type OutboxFiles } from './outbox-files.ts'

/**
 * The outbox on the real disk. Synchronous on purpose: a few short lines an hour, and nothing may
 * happen between an event's line and its sending.
 */
export const nodeFiles = (path: string): OutboxFiles => {
  const inFolder = <T>(act: () => T): T => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    return act()
  }
  return {
    path,
    read: () => {
      try {
        return readFileSync(path, 'latin1')
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined
        throw error
      }
    },
    append: (text) => inFolder(() => writeThrough(path, 'a', text)),
    replace: (text) =>
      inFolder(() => {
        writeThrough(`${path}.new`, 'w', text)
        renameSync(`${path}.new`, path)
        syncFolder(dirname(path))
      }),
    truncate: (bytes) => truncateSync(path, bytes),
    setAside: (suffix) => {
      renameSync(path, `${path}${suffix}`)
      return `${path}${suffix}`
    },
  }
}

const writeThrough = (path: string, flag: 'a' | 'w', text: string): void => {
  const file = openSync(path, flag, 0o600)
  try {
    writeFileSync(file, text, 'latin1')
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
