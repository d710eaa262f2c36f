import type { Role } from '../../../protocol/rest.ts'
import { readPrinter } from '../publishing/agent-token.ts'
import { audit } from '../sites/audit.ts'
import { all, present, type Condition } from '../table/condition.ts'
import { endSubscriptions } from '../watching/end-subscriptions.ts'
import { RelayError } from '../errors.ts'
import { grantOf, readSite, requireOwner, roleOnSite } from './grants.ts'
import { personOfSiteKey, siteKey } from '../table/keys.ts'
import { calledName, type Person } from './person.ts'
import { calledOnSite } from './person-item.ts'
import type { Ports } from '../ports.ts'
import { lastOwner, notTheLastOwner, revokeOnPrinter, revokeOnSite } from './revoke-people.ts'
import type { Change } from '../table/table.ts'

export interface RoleChange {
  readonly who: string
  readonly role: Role
}
export interface Removal {
  readonly who: string
  readonly printerId?: string | undefined
}

/**
 * Makes a viewer of a site an owner, or an owner a viewer. Both lists are in one item, so there is
 * no moment without a role; and nothing that is open depends on which of the two it is.
 */
export const changeRole = async (
  ports: Ports,
  person: Person,
  siteId: string,
  { who, role }: RoleChange,
): Promise<void> => {
  const { principal } = person
  const site = await requireOwner(ports, siteId, principal)
  const before = roleOnSite(site, who)
  if (before === undefined) throw nobody()
  if (before === role) return
  if (role === 'viewer' && Object.keys(site.owners).length === 1) throw lastOwner()
  const about = `${await calledOnSite(ports, siteId, who)}: ${role}`
  await audit(ports, siteId, { action: 'role_changed', by: person, about })
  const { change, when } = role === 'owner' ? promotion(ports, who) : demotion(ports, who)
  const allowed = all(present(['owners', principal]), when)
  if ((await ports.directory.update(siteKey(siteId), change, allowed)) === 'done') return
  await tellWhyNot(ports, { principal, siteId, who, role })
}

interface Move {
  readonly change: Change
  readonly when: Condition
}

const promotion = (ports: Ports, who: string): Move => ({
  change: { set: [[['owners', who], ports.now()]], remove: [['viewers', who]] },
  when: present(['viewers', who]),
})

const demotion = (ports: Ports, who: string): Move => ({
  change: { set: [[['viewers', who], ports.now()]], remove: [['owners', who]] },
  when: notTheLastOwner(who),
})

interface Refused extends RoleChange {
  readonly principal: string
  readonly siteId: string
}

/** Somebody changed the lists meanwhile. */
const tellWhyNot = async (
  ports: Ports,
  { principal, siteId, who, role }: Refused,
): Promise<void> => {
  const site = await requireOwner(ports, siteId, principal)
  const now = roleOnSite(site, who)
  if (now === undefined) throw nobody()
  if (now === role) return
  if (role === 'viewer') throw lastOwner()
  throw new RelayError('unavailable', 'The people of the site changed meanwhile: try again.')
}

/**
 * Takes a person off a site with all of its printers, or off a single printer. It asks nothing of
 * what is there, so that it can be repeated until it answers, whatever an earlier try left.
 */
export const removePerson = async (
  ports: Ports,
  person: Person,
  siteId: string,
  { who, printerId }: Removal,
): Promise<void> => {
  const site = await requireOwner(ports, siteId, person.principal)
  if (!couldBePerson(who)) throw nobody()
  const printer = printerId === undefined ? undefined : await readPrinter(ports, printerId)
  if (printerId !== undefined && printer?.site !== siteId)
    throw new RelayError('not_found', 'No such printer on this site.', { printerId })
  if (printerId === undefined && isLastOwner(Object.keys(site.owners), who)) throw lastOwner()
  const called = await calledOnSite(ports, siteId, who)
  const about = printer ? `${called}: ${printer.name}` : called
  await audit(ports, siteId, { action: 'person_removed', by: person, about })
  if (printerId === undefined) await revokeOnSite(ports, siteId, who)
  else await revokeOnPrinter(ports, printerId, who)
}

const isLastOwner = (owners: readonly string[], who: string): boolean =>
  owners.length === 1 && owners[0] === who

/** What a table takes as a part of a key; longer ones no issuer gives. */
const couldBePerson = (who: string): boolean =>
  who.startsWith('user:') && Buffer.byteLength(who) <= 512

const nobody = (): RelayError => new RelayError('not_found', 'No such person on this site.')

export const leaveSite = async (ports: Ports, person: Person, siteId: string): Promise<void> => {
  const { principal } = person
  const site = await readSite(ports, siteId)
  const role = site && roleOnSite(site, principal)
  // Somebody whose first try died half-way is still on the list of names.
  const known = role ?? (site && (await ports.directory.get(personOfSiteKey(siteId, principal))))
  if (!site || !known) throw new RelayError('not_found', 'No such site, or no right to see it.')
  if (isLastOwner(Object.keys(site.owners), principal)) throw lastOwner()
  await audit(ports, siteId, { action: 'person_left', by: person, about: calledName(person) })
  await revokeOnSite(ports, siteId, principal)
}

/** Gives up the right to a single printer. */
export const leavePrinter = async (
  ports: Ports,
  person: Person,
  printerId: string,
): Promise<void> => {
  const { principal } = person
  const grant = await grantOf(ports, printerId, principal)
  if (!grant) {
    // An earlier try may have died when the right was gone and something was still open.
    await endSubscriptions(ports, [printerId], { isTheirs: (of) => of === principal })
    throw new RelayError('not_found', 'No such printer, or no right to see it.', { printerId })
  }
  const { printer } = grant
  if (!Object.hasOwn(printer.viewers, principal))
    throw new RelayError('not_found', 'You see this printer through its site: leave that.')
  const about = `${calledName(person)}: ${printer.name}`
  await audit(ports, printer.site, { action: 'person_left', by: person, about })
  await revokeOnPrinter(ports, printerId, principal)
}
