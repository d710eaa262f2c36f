import { readFileSync, renameSync, truncateSync } from 'node:fs'
import { dirname } from 'node:path'
import { replaceWhole, writeThrough } from './whole-file.ts'
import { makeFolders } from './make-folders.ts'
import type { KeptFile } from './kept-file.ts'
import { codeOf } from '../failure-code.ts'

/**
 * A kept file on the real disk. Synchronous on purpose: a few lines in five minutes, and nothing may
 * happen between an event's line and its sending.
 */
export const nodeFile = (path: string): KeptFile => {
  const inFolder = <T>(act: () => T): T => {
    makeFolders(dirname(path))
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
    append: (text) => inFolder(() => writeThrough(path, 'a', text, 'latin1')),
    replace: (text) => inFolder(() => replaceWhole(path, text, 'latin1')),
    truncate: (bytes) => truncateSync(path, bytes),
    setAside: (suffix) => {
      renameSync(path, `${path}${suffix}`)
      return `${path}${suffix}`
    },
  }
}
