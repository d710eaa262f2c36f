import { limits } from '../../protocol/limits.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import type { Readings } from './readings.ts'
import { at, millisecondsOf, numberOf, present, textOf, wholeOf } from './tolerant.ts'

export const progressSection = ({ job }: Readings): PrinterState['progress'] => {
  const of = (field: string) => at(job, 'progress', field)
  const completion = numberOf(of('completion'))
  return present({
    completion: completion === undefined ? undefined : Math.min(100, Math.max(0, completion)),
    filepos: wholeOf(of('filepos'), 0),
    printTime: millisecondsOf(of('printTime')),
    printTimeLeft: millisecondsOf(of('printTimeLeft')),
    printTimeLeftOrigin: textOf(of('printTimeLeftOrigin'), limits.shortText),
  })
}
