import type { PrinterState } from '../../protocol/printer-state.ts'

export interface Heater {
  readonly key: string
  readonly name: string
  readonly actual: number | undefined
  /** 0 is off. */
  readonly target: number | undefined
}

const rank = (key: string) =>
  key.startsWith('tool') ? 0 : key === 'bed' ? 1 : key === 'chamber' ? 2 : 3

const nameOf = (key: string, tools: number): string => {
  const tool = /^tool(\d+)$/.exec(key)
  if (tool) return tools > 1 ? `Tool ${Number(tool[1]) + 1}` : 'Nozzle'
  return key.charAt(0).toUpperCase() + key.slice(1)
}

/** The heaters of a state: tools, bed, chamber, then whatever plugins add. */
export const heatersOf = (temperature: PrinterState['temperature']): readonly Heater[] => {
  const keys = [...new Set(Object.keys(temperature).map((field) => field.split('.')[0] ?? ''))]
  const tools = keys.filter((key) => /^tool\d+$/.test(key)).length
  return keys
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true }))
    .map((key) => ({
      key,
      name: nameOf(key, tools),
      actual: temperature[`${key}.actual`],
      target: temperature[`${key}.target`],
    }))
}
