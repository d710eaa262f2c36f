import type { InvitationView } from '../../../protocol/rest-invitations.ts'
import { limits } from '../../../protocol/limits.ts'
import { audit } from '../sites/audit.ts'
import { absent, all, any, equal, greater, present } from '../table/condition.ts'
import { RelayError } from '../errors.ts'
import { forgetInvitation, readInvitation } from './invitation-item.ts'
import { invitationKey } from '../table/keys.ts'
import { letIn } from './let-in.ts'
import {
  hasAlready,
  invitationNotValid,
  invitationView,
  opened,
  openedBy,
  type Opened,
} from './opened-invitation.ts'
import { calledName, type Person } from './person.ts'
import type { Ports } from '../ports.ts'

/**
 * Accepts an invitation: takes it for this person alone, lets them in, and takes it away. After a
 * crash between any two steps the same person repeats it and completes it. Who has as much already
 * is told so, and the invitation stays for somebody else.
 */
export const acceptInvitation = async (
  ports: Ports,
  person: Person,
  secret: string,
): Promise<InvitationView> => {
  const found = await openedBy(ports, person, secret)
  const { hash, invitation } = found
  if (!hasAlready(found, person.principal)) {
    refuseFull(found)
    const about = `${calledName(person)}: ${found.printer?.name ?? invitation.role}`
    await audit(ports, invitation.site, { action: 'person_joined', by: person, about })
    await take(ports, hash, person)
    await carryOut(ports, person, hash)
  } else if (invitation.takenBy === undefined) return invitationView(found, ports.now())
  await forgetInvitation(ports, invitation.site, hash)
  return invitationView(found, ports.now())
}

/** The first of several takers has it; the same person may take it again. */
const take = async (ports: Ports, hash: string, { principal }: Person): Promise<void> => {
  const mine = any(absent('takenBy'), equal('takenBy', principal))
  const open = all(present('pk'), greater('until', ports.now()), mine)
  const change = { set: [['takenBy', principal] as const] }
  if ((await ports.directory.update(invitationKey(hash), change, open)) === 'refused')
    throw invitationNotValid()
}

/** Several join or leave at once see each other's writes after so many tries. */
const tries = 8

/**
 * The order decides: what the grant depends on is read first, then whether the invitation is still
 * there. A removal takes the invitation away and then changes what the grant depends on, so either
 * the grant is refused or the removal comes after it.
 */
const carryOut = async (ports: Ports, person: Person, hash: string): Promise<void> => {
  for (let round = 0; round < tries; round += 1) {
    const found = await opened(ports, person, hash)
    if (hasAlready(found, person.principal)) return
    refuseFull(found)
    if ((await readInvitation(ports, hash))?.takenBy !== person.principal)
      throw invitationNotValid()
    if ((await letIn(ports, found, person)) === 'done') return
  }
  throw new RelayError('unavailable', 'Many people join at once: try again.')
}

const refuseFull = ({ site, printer }: Opened): void => {
  const people = printer
    ? Object.keys(printer.viewers).length
    : Object.keys(site.owners).length + Object.keys(site.viewers).length
  const most = printer ? limits.viewersPerPrinter : limits.peoplePerSite
  if (people >= most)
    throw new RelayError('limit_reached', `${most} people are in already: an owner can make room.`)
}
