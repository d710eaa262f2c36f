import type { Role } from '../../../protocol/rest.ts'
import type { SiteList, SiteView } from '../../../protocol/rest-sites.ts'
import { audit } from './audit.ts'
import { present } from '../table/condition.ts'
import { RelayError } from '../errors.ts'
import { everyItem } from '../table/every-item.ts'
import { makeFirstSite } from './first-site.ts'
import { readSite, requireOwner, roleOnSite } from '../people/grants.ts'
import { mirroredId, personPartition, siteKey } from '../table/keys.ts'
import { openInvitations } from '../people/open-invitations.ts'
import type { Person } from '../people/person.ts'
import type { Ports } from '../ports.ts'
import { unlessDamagedAsync } from '../table/read-item.ts'
import { peopleOfSite } from './site-people.ts'
import { readPrintersOfSite } from './site-printers.ts'
import { workingVersions } from '../publishing/agent-token.ts'
import { sharesOfSite } from '../shares/site-shares.ts'
import { dropStaleMirror } from '../table/stale-mirror.ts'
import type { SiteItem } from './site-item.ts'
import type { Item } from '../table/table.ts'

/** The sites on which a person has a role; the operator's owner finds a first one made. */
export const listSites = async (
  ports: Ports,
  ownerEmail: string | undefined,
  person: Person,
): Promise<SiteList> => {
  await makeFirstSite(ports, ownerEmail, person)
  const { principal } = person
  const sites: SiteList['sites'] = []
  for (const mirror of await everyItem(ports.directory, personPartition(principal), 'S#')) {
    const found = await ofMirror(ports, principal, mirror)
    if (found) sites.push({ id: mirroredId(mirror), name: found.site.name, role: found.role })
  }
  return { sites }
}

/** Mirrors lead to a site, the truth decides. */
const ofMirror = async (
  ports: Ports,
  principal: string,
  mirror: Item,
): Promise<{ site: SiteItem; role: Role } | undefined> => {
  const site = await unlessDamagedAsync(ports, () => readSite(ports, mirroredId(mirror)))
  const role = site && roleOnSite(site, principal)
  if (site && role) return { site, role }
  await dropStaleMirror(ports, mirror)
  return undefined
}

/** One site; all that is on it for its owners. */
export const siteView = async (
  ports: Ports,
  principal: string,
  siteId: string,
): Promise<SiteView> => {
  const site = await readSite(ports, siteId)
  const role = site && roleOnSite(site, principal)
  if (!site || !role) throw new RelayError('not_found', 'No such site, or no right to see it.')
  return {
    ...{ id: siteId, name: site.name, role, you: principal },
    ...(role === 'owner' && { owned: await ownedParts(ports, siteId, site) }),
    now: ports.now(),
  }
}

const ownedParts = async (
  ports: Ports,
  siteId: string,
  site: SiteItem,
): Promise<SiteView['owned']> => {
  const printers = await readPrintersOfSite(ports, siteId)
  return {
    people: await peopleOfSite(ports, siteId, { site, printers }),
    printers: printers.map(({ id, printer }) => ({
      ...{ id, name: printer.name, tokens: workingVersions(printer, ports.now()) },
    })),
    invitations: await openInvitations(ports, siteId, site),
    shares: await sharesOfSite(ports, siteId),
  }
}

export const renameSite = async (
  ports: Ports,
  person: Person,
  siteId: string,
  name: string,
): Promise<void> => {
  const { principal } = person
  await requireOwner(ports, siteId, principal)
  await audit(ports, siteId, { action: 'site_renamed', by: person, about: name })
  const whileOwner = present(['owners', principal])
  const change = { set: [['name', name] as const] }
  if ((await ports.directory.update(siteKey(siteId), change, whileOwner)) === 'refused')
    await requireOwner(ports, siteId, principal)
}
