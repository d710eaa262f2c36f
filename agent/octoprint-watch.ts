import type { PrinterState } from '../protocol/printer-state.ts'
import type { Log } from './log.ts'
import { excessRights } from './octoprint/key-rights.ts'
import type { Read } from './octoprint/reader.ts'

/** Logs a line for each change of OctoPrint and of its link to the printer, and looks at the key once. */
export const octoPrintWatch = (log: Log, read: Read): ((state: PrinterState) => void) => {
  let octoprint: string | undefined
  let printer: string | undefined
  let keySeen = false
  return ({ connection }) => {
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
    if (octoprint === 'ok' && !keySeen) {
      keySeen = true
      void warnOfRights(log, read)
    }
  }
}

const warnOfRights = async (log: Log, read: Read): Promise<void> => {
  const rights = excessRights(await read('user'))
  if (rights.length === 0) return
  log.warn(
    { rights },
    'the API key can do more than read: use the key of an OctoPrint user in the group "Read-only Access" alone',
  )
}
