import { limits } from '../../../protocol/limits.ts'
import type { Role } from '../../../protocol/rest.ts'
import { absent, all, equal, not, present, sizeAbove, type Condition } from '../table/condition.ts'
import { printerKey, printerOfPersonKey, siteKey, siteOfPersonKey } from '../table/keys.ts'
import type { Opened } from './opened-invitation.ts'
import { calledName, type Person } from './person.ts'
import { notePerson } from './person-item.ts'
import type { Ports } from '../ports.ts'
import type { SiteItem } from '../sites/site-item.ts'
import type { Outcome } from '../table/table.ts'

/** Nobody's right was withdrawn since this was read. */
const sameRemoval = (removal: string | undefined): Condition =>
  removal === undefined ? absent('removal') : equal('removal', removal)
const atMost = (list: string, most: number): Condition => not(sizeAbove(list, most))

/**
 * Gives somebody what an invitation says; `refused` where the truth changed since it was read. The
 * mirrors come first, so that whatever exists can be found.
 */
export const letIn = async (ports: Ports, found: Opened, person: Person): Promise<Outcome> => {
  const { site: siteId } = found.invitation
  const { principal: who } = person
  await notePerson(ports, siteId, { who, name: calledName(person) })
  const { role, printer: printerId } = found.invitation
  if (printerId !== undefined)
    return letInToPrinter(ports, { printerId, who }, printerAsFound(found))
  return letInToSite(ports, { siteId, who, role }, siteAsFound(found, who))
}

/** A role is never lowered: an owner becomes no viewer. */
const siteAsFound = ({ invitation: { by }, site }: Opened, who: string): Condition =>
  all(
    ...[present(['owners', by]), absent(['owners', who]), sameRemoval(site.removal)],
    placeOn(site),
  )

/**
 * One place is left on both lists together. A condition knows no sum of sizes, so that of the owners
 * is what was read; where it grew, whoever lets in reads again.
 */
const placeOn = ({ owners }: SiteItem): Condition => {
  const most = Object.keys(owners).length
  return all(atMost('owners', most), atMost('viewers', limits.peoplePerSite - 1 - most))
}

const printerAsFound = ({ invitation: { site }, printer }: Opened): Condition =>
  all(
    ...[equal('site', site), sameRemoval(printer?.removal)],
    atMost('viewers', limits.viewersPerPrinter - 1),
  )

const listOf = (role: Role): 'owners' | 'viewers' => (role === 'owner' ? 'owners' : 'viewers')

export interface OnSite {
  readonly siteId: string
  readonly who: string
  readonly role: Role
}

/** Gives a person a role on a site that is there, if `when` holds of its item. */
export const letInToSite = async (
  ports: Ports,
  { siteId, who, role }: OnSite,
  when: Condition,
): Promise<Outcome> => {
  const at = ports.now()
  await ports.directory.put({ ...siteOfPersonKey(who, siteId), at })
  const set = [[[listOf(role), who], at] as const]
  // A viewer who becomes an owner is no viewer any more.
  const change = role === 'owner' ? { set, remove: [['viewers', who] as const] } : { set }
  return ports.directory.update(siteKey(siteId), change, all(present('pk'), when))
}

export interface OnPrinter {
  readonly printerId: string
  readonly who: string
}

/** Lets a person see a single printer that is there, if `when` holds of its item. */
export const letInToPrinter = async (
  ports: Ports,
  { printerId, who }: OnPrinter,
  when: Condition,
): Promise<Outcome> => {
  const at = ports.now()
  await ports.directory.put({ ...printerOfPersonKey(who, printerId), at })
  const change = { set: [[['viewers', who], at] as const] }
  return ports.directory.update(printerKey(printerId), change, all(present('pk'), when))
}
