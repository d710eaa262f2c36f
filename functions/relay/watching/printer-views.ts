import type { PrinterList, PrinterView } from '../../../protocol/rest.ts'
import { readPrinter } from '../publishing/agent-token.ts'
import { shareOfGuest } from '../caller.ts'
import { everyItem } from '../table/every-item.ts'
import { inParallel } from '../in-parallel.ts'
import {
  grantByRole,
  grantByShare,
  grantOf,
  readSite,
  roleOnSite,
  type Grant,
} from '../people/grants.ts'
import { eachWhileGranted, whileGranted } from '../people/while-granted.ts'
import { mirroredId, personPartition } from '../table/keys.ts'
import { snapshotInView } from './in-view.ts'
import type { Ports } from '../ports.ts'
import type { PrinterItem } from '../sites/printer-item.ts'
import { printersInScope, printersOfSite } from '../people/scope.ts'
import { standingShare } from '../shares/share-item.ts'
import { unlessDamagedAsync } from '../table/read-item.ts'
import { storedState } from './show-state.ts'
import { dropStaleMirror } from '../table/stale-mirror.ts'
import type { Item } from '../table/table.ts'

/** One at a time, the 200 printers of a site would take seconds. */
const readsAtOnce = 16

/** One printer as somebody sees it. */
export const printerView = async (
  ports: Ports,
  principal: string,
  printerId: string,
): Promise<PrinterView> =>
  whileGranted(ports, principal, printerId, (grant) => viewOf(ports, printerId, grant))

const viewOf = async (
  ports: Ports,
  printerId: string,
  { role, view, printer, place }: Grant,
): Promise<PrinterView> => {
  const stored = (await storedState(ports, printerId))?.snapshot
  const state = stored && snapshotInView(view, stored)
  return {
    id: printerId,
    name: printer.name,
    site: place,
    role,
    ...(state && { state }),
    now: ports.now(),
  }
}

/** Every printer that somebody may see, by its id. Mirrors lead there, the truth decides. */
export const listPrinters = async (ports: Ports, principal: string): Promise<PrinterList> =>
  listOf(await eachWhileGranted(ports, principal, () => everyPrinter(ports, principal)))

const everyPrinter = async (ports: Ports, principal: string): Promise<PrinterView[]> => {
  const hash = shareOfGuest(principal)
  if (hash !== undefined) return ofShare(ports, hash)
  const views: PrinterView[] = []
  for (const mirror of await everyItem(ports.directory, personPartition(principal), 'S#'))
    views.push(...(await ofSite(ports, principal, mirror)))
  const seen = new Set(views.map(({ id }) => id))
  const mirrors = await everyItem(ports.directory, personPartition(principal), 'P#')
  const others = mirrors.filter((mirror) => !seen.has(mirroredId(mirror)))
  await inParallel(others, readsAtOnce, async (mirror) => {
    const view = await ofMirror(ports, principal, mirror)
    if (view) views.push(view)
  })
  return views
}

const listOf = (printers: readonly PrinterView[]): PrinterList => ({
  printers: [...printers].sort((a, b) => (a.id < b.id ? -1 : 1)),
})

/** The printers in a share link's scope, as its guests see them. */
const ofShare = async (ports: Ports, hash: string): Promise<PrinterView[]> => {
  const share = await standingShare(ports, hash)
  const site = share && (await readSite(ports, share.site))
  if (!share || !site) return []
  return ofPrinters(ports, await printersInScope(ports, share), (printerId, printer) =>
    grantByShare(share, { printerId, printer, site }),
  )
}

const ofSite = async (ports: Ports, principal: string, mirror: Item): Promise<PrinterView[]> => {
  const siteId = mirroredId(mirror)
  const site = await unlessDamagedAsync(ports, () => readSite(ports, siteId))
  const role = site && roleOnSite(site, principal)
  if (!site || !role) {
    await dropStaleMirror(ports, mirror)
    return []
  }
  return ofPrinters(ports, await printersOfSite(ports, siteId), (_, printer) =>
    printer.site === siteId ? grantByRole(role, { printer, site }) : undefined,
  )
}

type Granting = (printerId: string, printer: PrinterItem) => Grant | undefined

const ofPrinters = async (
  ports: Ports,
  printerIds: readonly string[],
  grantFor: Granting,
): Promise<PrinterView[]> => {
  const views: PrinterView[] = []
  await inParallel(printerIds, readsAtOnce, async (printerId) => {
    const printer = await unlessDamagedAsync(ports, () => readPrinter(ports, printerId))
    const grant = printer && grantFor(printerId, printer)
    if (grant) views.push(await viewOf(ports, printerId, grant))
  })
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
  await dropStaleMirror(ports, mirror)
  return undefined
}
