import type { Role, SeenAs } from '../../../protocol/rest.ts'
import type { View } from '../../../protocol/view.ts'
import { readPrinter } from '../publishing/agent-token.ts'
import { shareOfGuest } from '../caller.ts'
import { RelayError } from '../errors.ts'
import { siteKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import type { PrinterItem } from '../sites/printer-item.ts'
import { readItem } from '../table/read-item.ts'
import { standingShare, type ShareItem } from '../shares/share-item.ts'
import { siteItemSchema, type SiteItem } from '../sites/site-item.ts'

/** What somebody may see a printer as, and where it belongs. */
export interface Grant {
  readonly role: SeenAs
  readonly view: View
  /** The end of the share link that gives it, ms since 1970; a person's grant has none. */
  readonly until: number | undefined
  readonly printer: PrinterItem
  readonly site: SiteItem
  /** What is said of where it belongs: a guest learns the link's name alone. */
  readonly place: { readonly id: string; readonly name: string }
}

export const readSite = (ports: Ports, siteId: string): Promise<SiteItem | undefined> =>
  readItem(ports.directory, siteItemSchema, siteKey(siteId))

/** The role on a site; a viewer can also be let in to a single printer. */
export const roleOnSite = (site: SiteItem, principal: string): Role | undefined => {
  if (Object.hasOwn(site.owners, principal)) return 'owner'
  return Object.hasOwn(site.viewers, principal) ? 'viewer' : undefined
}

export const roleOnPrinter = (
  { site, printer }: { site: SiteItem; printer: PrinterItem },
  principal: string,
): Role | undefined =>
  roleOnSite(site, principal) ?? (Object.hasOwn(printer.viewers, principal) ? 'viewer' : undefined)

/** The grant of somebody on a printer, read consistently from the truth; never from a mirror. */
export const grantOf = async (
  ports: Ports,
  printerId: string,
  principal: string,
): Promise<Grant | undefined> => {
  const hash = shareOfGuest(principal)
  const share = hash === undefined ? undefined : await standingShare(ports, hash)
  if (hash !== undefined && !share) return undefined
  const printer = await readPrinter(ports, printerId)
  const site = printer && (await readSite(ports, printer.site))
  if (!printer || !site) return undefined
  if (share) return grantByShare(share, { printerId, printer, site })
  const role = roleOnPrinter({ site, printer }, principal)
  return role && grantByRole(role, { printer, site })
}

/** What a role gives: everything. */
export const grantByRole = (
  role: Role,
  { printer, site }: { readonly printer: PrinterItem; readonly site: SiteItem },
): Grant => {
  const place = { id: printer.site, name: site.name }
  return { role, view: 'full', until: undefined, printer, site, place }
}

interface Shared {
  readonly printerId: string
  readonly printer: PrinterItem
  readonly site: SiteItem
}

/** What a share link gives; nothing of a printer that is not, or no longer, in its scope. */
export const grantByShare = (
  { site: siteId, printer: only, view, until, name }: ShareItem,
  { printerId, printer, site }: Shared,
): Grant | undefined => {
  if (printer.site !== siteId || (only !== undefined && only !== printerId)) return undefined
  return { role: 'guest', view, until, printer, site, place: { id: 'shared', name } }
}

/** The same, and refuses: what somebody may not see does not exist for them. */
export const requireGrant = async (
  ports: Ports,
  printerId: string,
  principal: string,
): Promise<Grant> => {
  const grant = await grantOf(ports, printerId, principal)
  if (grant) return grant
  throw new RelayError('not_found', 'No such printer, or no right to see it.', { printerId })
}

/** The site, if the person owns it. Who has no role does not learn that it exists. */
export const requireOwner = async (
  ports: Ports,
  siteId: string,
  principal: string,
): Promise<SiteItem> => {
  const site = await readSite(ports, siteId)
  const role = site && roleOnSite(site, principal)
  if (!site || !role) throw new RelayError('not_found', 'No such site, or no right to see it.')
  if (role !== 'owner')
    throw new RelayError('not_owner', 'Only an owner of the site may do that: ask one.')
  return site
}

/** The same for a printer, by its site. */
export const requireOwnerOfPrinter = async (
  ports: Ports,
  printerId: string,
  principal: string,
): Promise<Grant> => {
  const grant = await requireGrant(ports, printerId, principal)
  if (grant.role === 'owner') return grant
  throw new RelayError('not_owner', 'Only an owner of its site may do that: ask one.')
}
