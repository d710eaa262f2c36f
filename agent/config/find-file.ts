import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfigMistake } from '../errors.ts'
import { codeOf } from '../failure-code.ts'
import type { FoundFile } from './config-file.ts'

/** Where the settings are when nothing names a file. */
export interface UsualFiles {
  /** Of the user that runs the agent. */
  readonly own: string
  /** Of the machine, for the service. */
  readonly machine: string
}

/** `own` as the XDG specification has it. */
export const usualFiles = (
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): UsualFiles => ({
  own: join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'fluxrelay', 'agent.json'),
  machine: '/etc/fluxrelay/agent.json',
})

/** What is at a path, or why it cannot be read. */
export const lookAt = (path: string): FoundFile | { readonly code: string } => {
  try {
    return { path, text: readFileSync(path, 'utf8'), mode: statSync(path).mode }
  } catch (error) {
    return { code: codeOf(error) }
  }
}

/** The codes of a file that is not there. */
export const isAbsent = (code: string): boolean => code === 'ENOENT' || code === 'ENOTDIR'

/**
 * The file that was named, which must exist: else a mistake. Or else the user's own, or else the
 * machine's; `pair` writes by the same order, so that the agent finds what it wrote.
 */
export const findFile = (
  named: string | undefined,
  { own, machine }: UsualFiles,
): FoundFile | ConfigMistake | undefined => {
  for (const path of named === undefined ? [own, machine] : [named]) {
    const found = lookAt(path)
    if ('text' in found) return found
    if (named === undefined && isAbsent(found.code)) continue
    const message = `cannot be read (${found.code}): check its name and its permissions`
    return { path, origin: 'file', message }
  }
  return undefined
}
