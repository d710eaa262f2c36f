import { limits } from '../../protocol/limits.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import type { Readings } from './readings.ts'
import { bodyAt, numberOf } from './tolerant.ts'

const parts = ['actual', 'target', 'offset'] as const

export const temperatureSection = ({ printer }: Readings): PrinterState['temperature'] => {
  const heaters = new Map<string, ReturnType<typeof readingsOf>>()
  const temperature = bodyAt(printer, 'temperature')
  for (const heater of Object.keys(temperature).sort(byImportance)) {
    const name = heater
      .slice(0, 64)
      .replace(/[^A-Za-z0-9_-]/g, '_')
      .slice(0, 32)
    const found = readingsOf(bodyAt(temperature, heater), name)
    // A heater that the printer does not have is null; two names may become one: the first stays.
    if (name === '' || found.length === 0 || heaters.has(name)) continue
    if (heaters.size < limits.heaters) heaters.set(name, found)
  }
  return Object.fromEntries([...heaters.values()].flat())
}

const readingsOf = (heater: Readonly<Record<string, unknown>>, name: string) =>
  parts.flatMap((part) => {
    const value = numberOf(Object.hasOwn(heater, part) ? heater[part] : undefined)
    return value === undefined || value < -300 || value > 2000
      ? []
      : [[`${name}.${part}`, value] as const]
  })

/** Tools in order, bed, chamber, then what plugins add: if there are too many, the last ones go. */
const byImportance = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : 1)
const rank = (heater: string): number => {
  const tool = /^tool(\d{1,2})$/.exec(heater)
  if (tool) return Number(tool[1])
  return heater === 'bed' ? -2 : heater === 'chamber' ? -1 : 1000
}
