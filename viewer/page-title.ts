import type { PrinterSight } from '../client/view.ts'
import { percent } from './format.ts'
import { stateText } from './words.ts'

/** What the tab says: progress first, because tabs are narrow. */
export const pageTitle = (printer: PrinterSight | undefined, locale?: string): string => {
  if (!printer) return 'FluxRelay'
  const name = printer.name ?? 'Printer'
  const completion = printer.state?.progress.completion
  const printing = printer.state?.status.printing === true || printer.state?.status.paused === true
  return printing && completion !== undefined
    ? `${percent(completion, locale)} · ${name}`
    : `${name} · ${stateText(printer)}`
}
