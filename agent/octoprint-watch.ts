import type { PrinterState } from '../protocol/printer-state.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import { excessRights } from './octoprint/key-rights.ts'
import type { Read } from './octoprint/reader.ts'

/** What the key may do is asked again so long (ms) after a try that failed. */
const askAgainAfter = 60_000

interface WatchDeps {
  readonly log: Log
  readonly read: Read
  readonly clock: Pick<Clock, 'monotonic'>
}

/** Logs a line for each change of OctoPrint and of its link to the printer, and looks at the key once. */
export const octoPrintWatch = ({ log, read, clock }: WatchDeps) => {
  let octoprint: string | undefined
  let printer: string | undefined
  let askAt = 0
  const askOnce = async () => {
    askAt = Infinity
    if (!(await warnOfRights(log, read))) askAt = clock.monotonic() + askAgainAfter
  }
  return ({ connection }: PrinterState): void => {
    if (connection.octoprint !== octoprint) {
      octoprint = connection.octoprint
      const fields = { octoprint, detail: connection.detail }
      if (octoprint === 'ok') log.info({ octoprint }, 'OctoPrint answers')
      else log.warn(fields, 'OctoPrint does not answer as it should')
    }
    if (connection.printer !== printer) {
      printer = connection.printer
      log.info({ printer }, `the printer is ${printer ?? 'unknown'}`)
    }
    if (octoprint === 'ok' && clock.monotonic() >= askAt) void askOnce()
  }
}

/** Whether OctoPrint answered. */
const warnOfRights = async (log: Log, read: Read): Promise<boolean> => {
  const user = await read('user')
  const rights = excessRights(user)
  if (rights.length > 0)
    log.warn(
      { rights },
      'the API key can do more than read: use the key of an OctoPrint user in the group "Read-only Access" alone',
    )
  return user.kind === 'ok'
}
