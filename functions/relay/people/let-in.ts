import { limits } from '../../../protocol/limits.ts'
import { absent, all, equal, not, present, sizeAbove, type Condition } from '../table/condition.ts'
import { printerKey, printerOfPersonKey, siteKey, siteOfPersonKey } from '../table/keys.ts'
import type { Opened } from './opened-invitation.ts'
import { calledName, type Person } from './person.ts'
import { notePerson } from './person-item.ts'
import type { Ports } from '../ports.ts'
import type { Outcome } from '../table/table.ts'

/** Nobody's right was withdrawn since this was read. */
const sameRemoval = (removal: string | undefined): Condition =>
  removal === undefined ? absent('removal') : equal('removal', removal)
const room = (list: string, most: number): Condition => not(sizeAbove(list, most - 1))

/**
 * Gives somebody what an invitation says; `refused` where the truth changed since it was read. The
 * mirrors come first, so that whatever exists can be found.
 */
export const letIn = async (ports: Ports, found: Opened, person: Person): Promise<Outcome> => {
  const { site: siteId } = found.invitation
  await notePerson(ports, siteId, { who: person.principal, name: calledName(person) })
  return found.printer ? letInToPrinter(ports, found, person) : letInToSite(ports, found, person)
}

const letInToSite = async (
  ports: Ports,
  { invitation: { site: siteId, role, by }, site }: Opened,
  { principal: who }: Person,
): Promise<Outcome> => {
  const at = ports.now()
  await ports.directory.put({ ...siteOfPersonKey(who, siteId), at })
  const list = role === 'owner' ? 'owners' : 'viewers'
  // A role is never lowered: an owner becomes no viewer, and a viewer who becomes an owner is no longer one.
  const set = [[[list, who], at] as const]
  const change = role === 'owner' ? { set, remove: [['viewers', who] as const] } : { set }
  const when = all(
    ...[present(['owners', by]), absent(['owners', who])],
    ...[sameRemoval(site.removal), room(list, limits.peoplePerSite)],
  )
  return ports.directory.update(siteKey(siteId), change, when)
}

const letInToPrinter = async (
  ports: Ports,
  { invitation: { site: siteId, printer: printerId = '' }, printer }: Opened,
  { principal: who }: Person,
): Promise<Outcome> => {
  const at = ports.now()
  await ports.directory.put({ ...printerOfPersonKey(who, printerId), at })
  const when = all(
    ...[equal('site', siteId), sameRemoval(printer?.removal)],
    room('viewers', limits.viewersPerPrinter),
  )
  return ports.directory.update(printerKey(printerId), { set: [[['viewers', who], at]] }, when)
}
