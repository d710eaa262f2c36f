import type { PrinterList, PrinterView, Role } from '../../protocol/rest.ts'
import { readPrinter } from './agent-token.ts'
import { everyItem } from './every-item.ts'
import { grantOf, readSite, requireGrant, roleOnSite } from './grants.ts'
import { mirroredId, personPartition, sitePartition } from './keys.ts'
import type { Ports } from './ports.ts'
import type { PrinterItem } from './printer-item.ts'
import { unlessDamagedAsync } from './read-item.ts'
import { storedState } from './show-state.ts'
import type { SiteItem } from './site-item.ts'
import type { Item } from './table.ts'

/** A mirror younger than this may be of something that is just being made. */
const youngMs = 60_000

/** One printer as somebody sees it. */
export const printerView = async (
  ports: Ports,
  principal: string,
  printerId: string,
): Promise<PrinterView> => {
  return viewOf(ports, printerId, await requireGrant(ports, printerId, principal))
}

interface Seen {
  readonly role: Role
  readonly printer: PrinterItem
  readonly site: SiteItem
}

const viewOf = async (
  ports: Ports,
  printerId: string,
  { role, printer, site }: Seen,
): Promise<PrinterView> => {
  const state = (await storedState(ports, printerId))?.snapshot
  return {
    id: printerId,
    name: printer.name,
    site: { id: printer.site, name: site.name },
    role,
    ...(state && { state }),
    now: ports.now(),
  }
}

/** Every printer that somebody may see, by its id. Mirrors lead there, the truth decides. */
export const listPrinters = async (ports: Ports, principal: string): Promise<PrinterList> => {
  const views = new Map<string, PrinterView>()
  const add = (view: PrinterView | undefined) => view && views.set(view.id, view)
  for (const mirror of await everyItem(ports.directory, personPartition(principal), 'S#'))
    for (const view of await ofSite(ports, principal, mirror)) add(view)
  for (const mirror of await everyItem(ports.directory, personPartition(principal), 'P#'))
    add(await ofMirror(ports, principal, mirror))
  return { printers: [...views.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) }
}

const ofSite = async (ports: Ports, principal: string, mirror: Item): Promise<PrinterView[]> => {
  const siteId = mirroredId(mirror)
  const site = await unlessDamagedAsync(ports, () => readSite(ports, siteId))
  const role = site && roleOnSite(site, principal)
  if (!site || !role) {
    await drop(ports, mirror)
    return []
  }
  const views: PrinterView[] = []
  for (const printerMirror of await everyItem(ports.directory, sitePartition(siteId), 'P#')) {
    const printerId = mirroredId(printerMirror)
    const printer = await unlessDamagedAsync(ports, () => readPrinter(ports, printerId))
    if (printer?.site === siteId)
      views.push(await viewOf(ports, printerId, { role, printer, site }))
  }
  return views
}

const ofMirror = async (
  ports: Ports,
  principal: string,
  mirror: Item,
): Promise<PrinterView | undefined> => {
  const printerId = mirroredId(mirror)
  const grant = await unlessDamagedAsync(ports, () => grantOf(ports, printerId, principal))
  if (grant) return viewOf(ports, printerId, grant)
  await drop(ports, mirror)
  return undefined
}

const drop = async (ports: Ports, mirror: Item): Promise<void> => {
  const { pk, sk, at } = mirror
  if (typeof at === 'number' && ports.now() - at > youngMs) await ports.directory.delete({ pk, sk })
}
