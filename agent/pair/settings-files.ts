import {
  accessSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { makeFolders } from '../disk/make-folders.ts'
import { lookAt } from '../config/find-file.ts'
import { replaceWhole, writeThrough } from '../disk/whole-file.ts'

/** The settings file on the disk. `prepare` and `replace` throw system errors. */
export interface SettingsFiles {
  readonly lookAt: typeof lookAt
  /** Whether this user may make or replace a file there. */
  writable(path: string): boolean
  /** Makes the folder, and proves that a file of this size has room there. */
  prepare(path: string): void
  /** All of it or nothing of it; for its owner alone. */
  replace(path: string, text: string): void
}

const enough = ' '.repeat(8192)

export const nodeSettingsFiles: SettingsFiles = {
  lookAt,
  writable: (path) => {
    try {
      accessSync(nearestFolder(path), constants.W_OK | constants.X_OK)
      return true
    } catch {
      return false
    }
  },
  prepare: (path) => {
    makeFolders(dirname(path))
    withoutRest(path, () => writeThrough(`${path}.new`, 'w', enough, 'utf8'))
    rmSync(`${path}.new`)
  },
  replace: (path, text) =>
    withoutRest(path, () =>
      replaceWhole(path, text, 'utf8', (file) => {
        // What an earlier try may have left has the mode it had.
        fchmodSync(file, 0o600)
        giveToOwner(file, path)
      }),
    ),
}

/** Replacing needs the folder to be writable; making the folder, the nearest one that exists. */
const nearestFolder = (path: string): string => {
  const folder = dirname(path)
  return existsSync(folder) || folder === path ? folder : nearestFolder(folder)
}

/** With sudo the file would be root's, and the service that it is for could not read it. */
const giveToOwner = (file: number, path: string): void => {
  if (process.geteuid?.() !== 0) return
  const { uid, gid } = statSync(existsSync(path) ? path : dirname(path))
  fchownSync(file, uid, gid)
}

/** A write that failed leaves nothing behind that holds a secret. */
const withoutRest = (path: string, write: () => void): void => {
  try {
    write()
  } catch (error) {
    rmSync(`${path}.new`, { force: true })
    throw error
  }
}
