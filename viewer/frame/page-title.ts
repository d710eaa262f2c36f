import type { ClientView, PrinterSight } from '../../client/view.ts'
import { percent } from '../parts/format.ts'
import type { Route } from './route.ts'
import { badgeWords, isStale, refusedWords, stateText } from '../parts/words.ts'

/** What the tab says: progress first, because tabs are narrow. */
export const pageTitle = (printer: PrinterSight | undefined, locale?: string): string => {
  if (!printer) return 'FluxRelay'
  if (printer.refused) return refusedWords(printer.refused).title
  const name = printer.name ?? 'Printer'
  const { badge } = printer
  // A tab shows neither grey nor the badge: old progress must not look like progress.
  if (badge === 'offline' || badge === 'reconnecting') return `${name} · ${badgeWords[badge].text}`
  const completion = printer.state?.progress.completion
  const printing = printer.state?.status.printing === true || printer.state?.status.paused === true
  return printing && completion !== undefined && !isStale(printer)
    ? `${percent(completion, locale)} · ${name}`
    : `${name} · ${stateText(printer)}`
}

/** What the tab says on each page; never a secret of its address. */
export const titleOf = (route: Route, view: ClientView): string => {
  if (route.page === 'printer') return pageTitle(view.printers[route.id])
  if (route.page === 'add') return 'Add a printer · FluxRelay'
  if (route.page === 'site') return 'People and sharing · FluxRelay'
  if (route.page === 'invite') return 'Invitation · FluxRelay'
  return 'FluxRelay'
}
