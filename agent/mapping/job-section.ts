import { limits } from '../../protocol/limits.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import type { Readings } from './readings.ts'
import { at, bodyAt, millisecondsOf, numberOf, present, textOf, wholeOf } from './tolerant.ts'

export const jobSection = ({ job }: Readings): PrinterState['job'] => {
  const file = (field: string) => at(job, 'job', 'file', field)
  const of = (field: string) => at(job, 'job', field)
  return present({
    name: textOf(file('name'), limits.longText),
    display: textOf(file('display'), limits.longText),
    path: textOf(file('path'), limits.pathText),
    origin: textOf(file('origin'), limits.shortText),
    user: textOf(of('user'), limits.shortText),
    size: wholeOf(file('size'), 0),
    date: millisecondsOf(file('date')),
    estimatedPrintTime: millisecondsOf(of('estimatedPrintTime')),
    averagePrintTime: millisecondsOf(of('averagePrintTime')),
    lastPrintTime: millisecondsOf(of('lastPrintTime')),
    filamentLength: ofTools(of('filament'), 'length'),
    filamentVolume: ofTools(of('filament'), 'volume'),
  })
}

/** `{tool1: {length}}` → `[0, length]`: by the tool's number, 0 for a tool that uses none. */
const ofTools = (filament: unknown, part: 'length' | 'volume'): number[] | undefined => {
  const byTool: number[] = []
  for (let tool = 0; tool < limits.arrayEntries; tool++) {
    const value = numberOf(at(bodyAt(filament, `tool${tool}`), part))
    if (value === undefined) continue
    while (byTool.length < tool) byTool.push(0)
    byTool[tool] = value
  }
  return byTool.length > 0 ? byTool : undefined
}
