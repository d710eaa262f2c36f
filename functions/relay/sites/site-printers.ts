import { readPrinter } from '../publishing/agent-token.ts'
import { inParallel } from '../in-parallel.ts'
import type { Ports } from '../ports.ts'
import type { PrinterItem } from './printer-item.ts'
import { unlessDamagedAsync } from '../table/read-item.ts'
import { printersOfSite } from '../people/scope.ts'

export interface PrinterOfSite {
  readonly id: string
  readonly printer: PrinterItem
}

const readsAtOnce = 16

/** The printers of a site with their truth, by their ids; a damaged one harms no other. */
export const readPrintersOfSite = async (
  ports: Ports,
  siteId: string,
): Promise<PrinterOfSite[]> => {
  const found: PrinterOfSite[] = []
  await inParallel(await printersOfSite(ports, siteId), readsAtOnce, async (id) => {
    const printer = await unlessDamagedAsync(ports, () => readPrinter(ports, id))
    if (printer?.site === siteId) found.push({ id, printer })
  })
  return found.sort((a, b) => (a.id < b.id ? -1 : 1))
}
