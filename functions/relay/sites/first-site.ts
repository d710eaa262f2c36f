import { audit } from './audit.ts'
import { readSite } from '../people/grants.ts'
import { sha256 } from '../hash.ts'
import { calledName, type Person } from '../people/person.ts'
import { notePerson } from '../people/person-item.ts'
import type { Ports } from '../ports.ts'
import { provisionSite } from './provision.ts'

const firstName = 'Home'

/** Of the owner's address, so that two requests at once, and every later one, mean the same site. */
export const firstSiteId = (ownerEmail: string): string =>
  `s${sha256(`first site of ${ownerEmail}`).slice(0, 16)}`

/**
 * Makes the first site for whoever signs in with the operator's own verified address. Once it is
 * there it is never made or given again: whom another owner took off it stays off.
 */
export const makeFirstSite = async (
  ports: Ports,
  ownerEmail: string | undefined,
  person: Person,
): Promise<void> => {
  if (ownerEmail === undefined || person.email !== ownerEmail) return
  const siteId = firstSiteId(ownerEmail)
  if (await readSite(ports, siteId)) return
  const { principal } = person
  await audit(ports, siteId, { action: 'site_made', by: person, about: firstName })
  await notePerson(ports, siteId, { who: principal, name: calledName(person) })
  await provisionSite(ports, { siteId, name: firstName, owner: principal })
}
