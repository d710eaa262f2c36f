import type { SitePerson } from '../../../protocol/rest-sites.ts'
import { everyItem } from '../table/every-item.ts'
import { mirroredId, sitePartition } from '../table/keys.ts'
import { personItemSchema } from '../people/person-item.ts'
import type { Ports } from '../ports.ts'
import { parseItem, unlessDamaged } from '../table/read-item.ts'
import type { SiteItem } from './site-item.ts'
import type { PrinterOfSite } from './site-printers.ts'
import { dropStaleMirror } from '../table/stale-mirror.ts'

interface Truth {
  readonly site: SiteItem
  readonly printers: readonly PrinterOfSite[]
}

/** Everybody who may see something of a site, those of a role on it first. */
export const peopleOfSite = async (
  ports: Ports,
  siteId: string,
  truth: Truth,
): Promise<SitePerson[]> => {
  const people = rightsOf(truth)
  for (const item of await everyItem(ports.directory, sitePartition(siteId), 'U#')) {
    const who = mirroredId(item)
    const person = people.get(who)
    if (!person) await dropStaleMirror(ports, item)
    const name = unlessDamaged(ports, () => parseItem(personItemSchema, item))?.name
    if (person && name !== undefined) people.set(who, { ...person, name })
  }
  return [...people.values()]
}

/** A role on the site covers its printers, so single rights are told only of who has none. */
const rightsOf = ({ site, printers }: Truth): Map<string, SitePerson> => {
  const people = new Map<string, SitePerson>()
  for (const [who, since] of Object.entries(site.owners))
    people.set(who, { who, role: 'owner', since })
  for (const [who, since] of Object.entries(site.viewers))
    if (!people.has(who)) people.set(who, { who, role: 'viewer', since })
  for (const { id, printer } of printers)
    for (const [who, at] of Object.entries(printer.viewers)) {
      const known = people.get(who)
      if (known && !known.printerIds) continue
      const printerIds = [...(known?.printerIds ?? []), id]
      people.set(who, { who, role: 'viewer', printerIds, since: Math.min(known?.since ?? at, at) })
    }
  return people
}
