import { limits } from '../../protocol/limits.ts'
import type { printerLinks, PrinterState } from '../../protocol/printer-state.ts'
import type { Readings } from './readings.ts'
import { at, present, textOf, wholeOf } from './tolerant.ts'

type PrinterLink = (typeof printerLinks)[number]

export const connectionSection = (readings: Readings): PrinterState['connection'] => {
  const { health, connection, version } = readings
  const current = (field: string) => at(connection, 'current', field)
  return present({
    octoprint: health.state,
    detail: textOf(health.detail, limits.longText),
    version: textOf(at(version, 'server'), limits.shortText),
    printer: printerLink(readings),
    port: textOf(current('port'), limits.shortText),
    baudrate: wholeOf(current('baudrate'), 0),
    profile: textOf(current('printerProfile'), limits.shortText),
  })
}

/**
 * The 409 of `/api/printer` does not say whether the printer is off or being connected; the state
 * of `/api/job` does, and is read more often than `/api/connection`.
 */
export const printerLink = ({ printer, job, connection }: Readings): PrinterLink | undefined => {
  const flag = (name: string) => at(printer, 'state', 'flags', name) === true
  if (printer !== undefined && printer !== 'not_operational')
    return flag('error') ? 'error' : flag('closedOrError') ? 'offline' : 'connected'
  const told = linkOfText(at(job, 'state')) ?? linkOfText(at(connection, 'current', 'state'))
  return told ?? (printer === 'not_operational' ? 'offline' : undefined)
}

const linkOfText = (text: unknown): PrinterLink | undefined => {
  if (typeof text !== 'string') return undefined
  if (/error/i.test(text)) return 'error'
  if (/^(offline|closed)/i.test(text)) return 'offline'
  if (/^(opening|connecting|detecting)/i.test(text)) return 'connecting'
  return undefined
}
