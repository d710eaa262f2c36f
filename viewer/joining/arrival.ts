import type { PrinterId } from '../../protocol/ids.ts'
import type { PrinterList } from '../../protocol/rest.ts'

export interface Awaited {
  readonly siteId: string
  /** As the relay writes it. */
  readonly name: string
  /** The printers that were there before. */
  readonly known: readonly PrinterId[]
}

type Listed = {
  readonly id: PrinterId
  readonly name: string
  readonly site: Pick<PrinterList['printers'][number]['site'], 'id'>
}

/** The printer that was awaited, where it is on the list. */
export const arrivedIn = (
  printers: readonly Listed[],
  { siteId, name, known }: Awaited,
): PrinterId | undefined =>
  printers.find((one) => one.site.id === siteId && one.name === name && !known.includes(one.id))?.id
