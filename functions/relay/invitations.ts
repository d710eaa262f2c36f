import type { InvitationView, Invite, InviteAnswer } from '../../protocol/rest-invitations.ts'
import { RelayError } from './errors.ts'
import type { Person } from './person.ts'
import type { Ports } from './ports.ts'

/** Invites somebody to a site or to one of its printers. */
export const invite = async (
  _ports: Ports,
  _person: Person,
  _siteId: string,
  _invite: Invite,
): Promise<InviteAnswer> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

export const withdrawInvitation = async (
  _ports: Ports,
  _person: Person,
  _siteId: string,
  _hash: string,
): Promise<void> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

/** What somebody who holds the link is invited to. */
export const lookAtInvitation = async (
  _ports: Ports,
  _person: Person,
  _secret: string,
): Promise<InvitationView> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

export const acceptInvitation = async (
  _ports: Ports,
  _person: Person,
  _secret: string,
): Promise<InvitationView> => {
  throw new RelayError('unavailable', 'Not built yet.')
}
