import { resolve } from 'node:path'
import type { UsualFiles } from '../config/find-file.ts'
import { checkOctoPrint, checkRelay } from './check.ts'
import { givenCode, useCode } from './code.ts'
import { PairError } from './errors.ts'
import { findRelay } from './find-relay.ts'
import { checkOctoPrintUrl, octoPrintKey, type OctoPrintWish } from './octoprint-key.ts'
import type { PairPorts } from './ports.ts'
import { relayPage } from './relay-address.ts'
import { screen } from './screen.ts'
import { openSettings, settingsPath, settingsText, writing } from './settings-file.ts'

export interface PairWish {
  /** Of the page where people watch. */
  readonly address: string
  readonly code: string | undefined
  readonly octoPrint: OctoPrintWish
  /** The settings file that was named, or undefined. */
  readonly config: string | undefined
  readonly usual: UsualFiles
  /** Replaces settings that are there without asking. */
  readonly force: boolean
  /** The command that starts the agent. */
  readonly program: string
}

/**
 * Makes this host the agent of a printer. What can fail without a loss comes first, the code that
 * can be used only once last, and its token is on the disk before anything else is tried. Answers
 * whether both ends work; throws a PairError that says what to do.
 */
export const pair = async (ports: PairPorts, wish: PairWish): Promise<boolean> => {
  const page = relayPage(wish.address)
  const code = givenCode(ports, wish.code)
  checkOctoPrintUrl(wish.octoPrint.url)
  const path = resolve(settingsPath(wish.config, wish.usual, ports.files))
  const old = await openSettings(ports, path, wish.force)
  const relay = await findRelay(ports, page)
  const way = await octoPrintKey(ports, wish.octoPrint)
  const redeemed = await useCode(ports, relay, code)
  const to = { url: relay.socket, token: redeemed.token }
  const octoprint = { url: way.url, apiKey: way.apiKey }
  const text = settingsText(old, { relay: to, octoprint })
  savingToken(() => writing(path, () => ports.files.replace(path, text)))

  const [relayCheck, octoPrintChecks] = await Promise.all([
    checkRelay(ports.dial(to), relay.origin),
    checkOctoPrint(way),
  ])
  if (ports.signal.aborted)
    throw new PairError('stopped', `stopped during the checks: ${path} is written, and whole`)
  const checks = [relayCheck, ...octoPrintChecks]
  const usual = wish.config === undefined
  const start = usual ? wish.program : `${wish.program} --config ${quoted(path)}`
  ports.terminal.say(screen({ redeemed, path, checks, start }))
  return checks.every(({ level }) => level !== 'fails')
}

const savingToken = (write: () => void): void => {
  try {
    write()
  } catch (error) {
    if (!(error instanceof PairError)) throw error
    throw new PairError(
      error.code,
      `${error.message}. The code is used up: make a new one on the page where you watch`,
    )
  }
}

/** As a shell takes it. */
const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
