import { limits } from '../../protocol/limits.ts'
import { printerLink } from '../mapping/connection-section.ts'
import { at, textOf } from '../mapping/tolerant.ts'
import { noReadings } from '../mapping/readings.ts'
import { excessRights } from '../octoprint/key-rights.ts'
import { describeFailure, isFailure, type Outcome } from '../octoprint/outcome.ts'
import { describeEnded } from '../uplink/describe-ended.ts'
import type { Dial, Ended } from '../uplink/dial.ts'
import type { OctoPrintWay } from './octoprint-key.ts'

/** One line of the screen. With `fails` the agent cannot work; `look` is worth a look. */
export interface Check {
  readonly level: 'ok' | 'look' | 'fails'
  readonly what: string
  readonly told: string
}

const check = (level: Check['level'], what: string, told: string): Check => ({ level, what, told })

/**
 * Opens the relay's socket with the new token and ends it without a hello. The handshake is where
 * the relay judges the token and whether sockets get through at all; a hello would on top of that
 * take the printer over from an agent that may be running.
 */
export const checkRelay = async (dial: Dial, origin: string): Promise<Check> => {
  const how = await knock(dial)
  return how === 'let_in'
    ? check('ok', 'relay', `${origin} takes the token, and sockets get through`)
    : check('fails', 'relay', describeEnded(how))
}

const knock = (dial: Dial): Promise<'let_in' | Ended> =>
  new Promise((resolve) => {
    let letIn = false
    const link = dial({
      opened: () => {
        letIn = true
        link.end()
      },
      said: () => {},
      ended: (how) => resolve(letIn ? 'let_in' : how),
    })
  })

/** OctoPrint, its printer and what the key may do. */
export const checkOctoPrint = async ({ url, read }: OctoPrintWay): Promise<Check[]> => {
  const [version, job, printer, user] = await Promise.all([
    read('version'),
    read('job'),
    read('printer'),
    read('user'),
  ])
  const failure = [job, printer].find(isFailure)
  const name = textOf(at(bodyOf(version), 'server'), limits.shortText) ?? 'of an unknown version'
  return [
    failure
      ? check('fails', 'OctoPrint', describeFailure(failure))
      : check('ok', 'OctoPrint', `${name} at ${url}`),
    printerCheck(job, printer),
    keyCheck(user),
  ]
}

const bodyOf = (outcome: Outcome) => (outcome.kind === 'ok' ? outcome.body : undefined)

const printerCheck = (job: Outcome, printer: Outcome): Check => {
  const link = printerLink({
    ...noReadings,
    job: bodyOf(job),
    printer: printer.kind === 'not_operational' ? printer.kind : bodyOf(printer),
  })
  if (link === 'connected') {
    const doing = textOf(at(bodyOf(job), 'state'), limits.shortText)
    return check('ok', 'printer', `connected${doing === undefined ? '' : `: ${doing}`}`)
  }
  if (link === 'error')
    return check('look', 'printer', 'in error, as OctoPrint says: see its terminal')
  return check('ok', 'printer', `${link ?? 'unknown'}: it is seen as soon as OctoPrint connects`)
}

const keyCheck = (user: Outcome): Check => {
  const name = textOf(at(bodyOf(user), 'name'), 64)
  const owner = name === undefined ? 'an unknown user' : `the user "${name}"`
  if (!Array.isArray(at(bodyOf(user), 'permissions')))
    return check('look', 'key', `of ${owner}; OctoPrint does not tell what it can do`)
  const rights = excessRights(user)
  return rights.length === 0
    ? check('ok', 'key', `of ${owner}, can only read`)
    : check('look', 'key', `of ${owner}, can do more than read: ${rights.join(', ')}`)
}
