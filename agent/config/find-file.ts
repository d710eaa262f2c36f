import { readFileSync, statSync } from 'node:fs'
import type { ConfigMistake } from '../errors.ts'
import type { FoundFile } from './config-file.ts'

/** Where the service keeps its settings. */
export const usualFile = '/etc/fluxrelay/agent.json'

/** The file that was named, or the usual one if there is one. A named one must exist: else a mistake. */
export const findFile = (named: string | undefined): FoundFile | ConfigMistake | undefined => {
  const path = named ?? usualFile
  try {
    return { path, text: readFileSync(path, 'utf8'), mode: statSync(path).mode }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    if (named === undefined && code === 'ENOENT') return undefined
    const message = `cannot be read (${code}): check its name and its permissions`
    return { path, origin: 'file', message }
  }
}
