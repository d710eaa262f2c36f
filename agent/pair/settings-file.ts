import { printerOfToken } from '../../protocol/agent-token.ts'
import { groupOf, parseConfigFile, type FoundFile, type Tree } from '../config/config-file.ts'
import { isAbsent, type UsualFiles } from '../config/find-file.ts'
import { readConfig } from '../config/read-config.ts'
import { ConfigError } from '../errors.ts'
import { codeOf } from '../failure-code.ts'
import { textOf } from '../mapping/tolerant.ts'
import { ask } from './ask.ts'
import { PairError } from './errors.ts'
import type { PairPorts } from './ports.ts'
import type { SettingsFiles } from './settings-files.ts'

/**
 * Where the settings go: where the agent of this user will look first. The machine's file where
 * that may be written, unless the user has one of their own, which would hide it.
 */
export const settingsPath = (
  named: string | undefined,
  { own, machine }: UsualFiles,
  files: SettingsFiles,
): string => {
  if (named !== undefined) return named
  const hidden = 'text' in files.lookAt(own)
  return !hidden && files.writable(machine) ? machine : own
}

/** Makes sure that the file may be (over)written, before anything is used up. Answers the old one. */
export const openSettings = async (
  ports: PairPorts,
  path: string,
  force: boolean,
): Promise<FoundFile | undefined> => {
  const found = ports.files.lookAt(path)
  if (!('text' in found) && !isAbsent(found.code)) throw cannotWrite(path, found.code)
  const old = 'text' in found ? found : undefined
  if (old && !force) await confirmReplacing(ports, old)
  writing(path, () => ports.files.prepare(path))
  return old
}

const confirmReplacing = async (ports: PairPorts, old: FoundFile): Promise<void> => {
  const told = `${old.path} holds ${whatIn(old)}`
  if (!ports.terminal.interactive)
    throw new PairError('config_exists', `${told}: give --force to replace it, or --config FILE`)
  // The question is a line of its own: after a backspace readline draws all that is asked anew.
  ports.terminal.say(`${told}.\n`)
  const answer = await ask(ports, 'Replace it? [y/N] ', 'shown')
  if (!/^y(es)?$/i.test(answer))
    throw new PairError(
      'config_exists',
      `${old.path} is as it was: name another file with --config, for another printer`,
    )
}

/** For a person; without the token. */
const whatIn = (old: FoundFile): string => {
  const { token, url } = groupOf(parseConfigFile(old).tree, 'relay')
  const printer = typeof token === 'string' ? printerOfToken(token) : undefined
  const host = typeof url === 'string' && URL.canParse(url) ? new URL(url).host : undefined
  if (printer === undefined) return "settings, without a printer's token"
  return `the token of the printer ${printer} at ${textOf(host, 100) ?? 'an unknown relay'}`
}

export interface NewSettings {
  readonly relay: { readonly url: string; readonly token: string }
  readonly octoprint: { readonly url: string; readonly apiKey: string }
}

/** The new file; what else the old one sets, stays, if it can be used. */
export const settingsText = (old: FoundFile | undefined, fresh: NewSettings): string => {
  const tree: Tree = old ? parseConfigFile(old).tree : {}
  const merged = {
    ...tree,
    relay: { ...groupOf(tree, 'relay'), ...fresh.relay },
    octoprint: fresh.octoprint,
  }
  return usable(textFor(merged)) ? textFor(merged) : textFor(fresh)
}

const textFor = (tree: object): string => `${JSON.stringify(tree, null, 2)}\n`

const usable = (text: string): boolean => {
  try {
    readConfig({ flags: {}, env: {}, file: { path: '', text, mode: 0o600 } })
    return true
  } catch (error) {
    if (error instanceof ConfigError) return false
    throw error
  }
}

/** Does what writes to the settings file; what fails is told with what to do. */
export const writing = (path: string, write: () => void): void => {
  try {
    write()
  } catch (error) {
    throw cannotWrite(path, codeOf(error))
  }
}

const cannotWrite = (path: string, code: string): PairError =>
  new PairError('cannot_write', `${path} cannot be written (${code}): ${advice(code)}`)

const advice = (code: string): string => {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full, make room'
  if (code === 'EACCES' || code === 'EPERM')
    return 'run this as its owner, or name another file with --config'
  return 'name another file with --config'
}
