import { limits } from '../../protocol/limits.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import type { Readings } from './readings.ts'
import { at, booleanOf, present, textOf } from './tolerant.ts'

export const statusSection = ({ printer, job }: Readings): PrinterState['status'] => {
  const jobText = textOf(at(job, 'state'), limits.shortText)
  const jobError = textOf(at(job, 'error'), limits.longText)
  if (printer === undefined) return present({ text: jobText, error: jobError })
  // All that a 409 says of the flags is that the printer is not operational.
  if (printer === 'not_operational')
    return present({ text: jobText, error: jobError, operational: false })
  const flag = (name: string) => booleanOf(at(printer, 'state', 'flags', name))
  return present({
    text: textOf(at(printer, 'state', 'text'), limits.shortText) ?? jobText,
    error: textOf(at(printer, 'state', 'error'), limits.longText) ?? jobError,
    operational: flag('operational'),
    printing: flag('printing'),
    pausing: flag('pausing'),
    paused: flag('paused'),
    resuming: flag('resuming'),
    cancelling: flag('cancelling'),
    finishing: flag('finishing'),
    closedOrError: flag('closedOrError'),
    failed: flag('error'),
    ready: flag('ready'),
    sdReady: flag('sdReady'),
  })
}
