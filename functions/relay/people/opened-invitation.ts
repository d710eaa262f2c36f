import type { InvitationView } from '../../../protocol/rest-invitations.ts'
import { readPrinter } from '../publishing/agent-token.ts'
import { RelayError } from '../errors.ts'
import { readSite, roleOnPrinter, roleOnSite } from './grants.ts'
import { sha256 } from '../hash.ts'
import { readInvitation, type Invitation } from './invitation-item.ts'
import type { Person } from './person.ts'
import type { Ports } from '../ports.ts'
import type { PrinterItem } from '../sites/printer-item.ts'
import { takeToken } from '../limits/rate-limit.ts'
import { rateLimits } from '../limits/rate-limits.ts'
import type { SiteItem } from '../sites/site-item.ts'

/** An invitation that somebody may accept, and where it leads. */
export interface Opened extends Invitation {
  readonly site: SiteItem
  readonly printer: PrinterItem | undefined
}

/** The invitation of a secret, for who may accept it. Tries are limited before anything is read. */
export const openedBy = async (ports: Ports, person: Person, secret: string): Promise<Opened> => {
  const who = `redeeming#${person.principal}`
  await takeToken(ports, who, rateLimits.redeeming, 'tries of invitations')
  return opened(ports, person, sha256(secret))
}

/** The same as it stands now. */
export const opened = async (ports: Ports, person: Person, hash: string): Promise<Opened> => {
  const invitation = await readInvitation(ports, hash)
  if (!invitation || invitation.until <= ports.now()) throw invitationNotValid()
  const { takenBy, email, by, site: siteId, printer: printerId } = invitation
  if (takenBy !== undefined && takenBy !== person.principal) throw invitationNotValid()
  const site = await readSite(ports, siteId)
  if (!site || !Object.hasOwn(site.owners, by)) throw invitationNotValid()
  const printer = printerId === undefined ? undefined : await readPrinter(ports, printerId)
  if (printerId !== undefined && printer?.site !== siteId) throw invitationNotValid()
  if (email !== undefined && email !== person.email) throw otherAddress()
  return { hash, invitation, site, printer }
}

/** Unknown, used, withdrawn and too old are one answer. */
export const invitationNotValid = (): RelayError =>
  new RelayError('secret_not_valid', 'This invitation is not valid any more: ask for another.')

/** Without the address: whoever holds the link need not learn it. */
const otherAddress = (): RelayError =>
  new RelayError(
    'not_admitted',
    'This invitation is for another e-mail address: sign in with the one it was sent to.',
  )

/** Whether somebody has already what the invitation gives, or more. */
export const hasAlready = (
  { invitation: { role }, site, printer }: Opened,
  principal: string,
): boolean => {
  if (printer) return roleOnPrinter({ site, printer }, principal) !== undefined
  const held = roleOnSite(site, principal)
  return held === 'owner' || held === role
}

/** Whether somebody took it and is in: all that is left is to take it away. */
export const isDone = (found: Opened): boolean =>
  found.invitation.takenBy !== undefined && hasAlready(found, found.invitation.takenBy)

/** `now`: the relay's clock, ms since 1970. */
export const invitationView = (
  { invitation, site, printer }: Opened,
  now: number,
): InvitationView => {
  const { site: siteId, printer: printerId, role, until } = invitation
  return {
    ...{ site: site.name, role, until, now, siteId },
    ...(printer && { printer: printer.name }),
    ...(printerId !== undefined && { printerId }),
  }
}
