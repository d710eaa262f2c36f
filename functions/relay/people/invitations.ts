import type { InvitationView, Invite, InviteAnswer } from '../../../protocol/rest-invitations.ts'
import { limits } from '../../../protocol/limits.ts'
import { timeOuts } from '../../../protocol/time-outs.ts'
import { readPrinter } from '../publishing/agent-token.ts'
import { audit } from '../sites/audit.ts'
import { absent, present, all } from '../table/condition.ts'
import { RelayError } from '../errors.ts'
import { expirySeconds } from '../table/expiry.ts'
import { readSite, requireOwner } from './grants.ts'
import { forgetInvitation, readInvitation } from './invitation-item.ts'
import { invitationKey, invitationOfSiteKey, printerKey, siteKey } from '../table/keys.ts'
import { openInvitations } from './open-invitations.ts'
import { invitationView, isDone, openedBy } from './opened-invitation.ts'
import type { Person } from './person.ts'
import type { Ports } from '../ports.ts'
import { newRemoval } from './removal.ts'
import type { PrinterItem } from '../sites/printer-item.ts'
import { newSecret } from '../secret.ts'
import type { SiteItem } from '../sites/site-item.ts'

/** Invites somebody to a site or to one of its printers. */
export const invite = async (
  ports: Ports,
  person: Person,
  siteId: string,
  wish: Invite,
): Promise<InviteAnswer> => {
  const site = await requireOwner(ports, siteId, person.principal)
  const printer = await printerOfWish(ports, siteId, wish)
  await refuseMore(ports, siteId, site)
  const about = aboutOf(wish, printer)
  await audit(ports, siteId, { action: 'person_invited', by: person, about })
  // Before the invitation: without an account it would lead nowhere, and its secret is told once.
  const account = wish.email === undefined ? undefined : await accountFor(ports, wish.email)
  const { secret, hash: id } = newSecret(ports.randomBytes)
  const at = ports.now()
  const until = at + timeOuts.invitation
  const expiresAt = expirySeconds(until)
  await ports.directory.put({ ...invitationOfSiteKey(siteId, id), at, until, expiresAt })
  await ports.directory.put({
    ...invitationKey(id),
    ...{ site: siteId, role: wish.role, until, by: person.principal, expiresAt },
    ...(wish.printerId !== undefined && { printer: wish.printerId }),
    ...(wish.email !== undefined && { email: wish.email }),
  })
  return { id, secret, until, ...(account && { account }) }
}

const printerOfWish = async (
  ports: Ports,
  siteId: string,
  { printerId }: Invite,
): Promise<PrinterItem | undefined> => {
  if (printerId === undefined) return undefined
  const printer = await readPrinter(ports, printerId)
  if (printer?.site === siteId) return printer
  throw new RelayError('not_found', 'No such printer on this site.', { printerId })
}

/** Counts what owners are shown: of those that nobody can see, none can be withdrawn. */
const refuseMore = async (ports: Ports, siteId: string, site: SiteItem): Promise<void> => {
  const open = await openInvitations(ports, siteId, site)
  if (open.length >= limits.invitationsPerSite)
    throw new RelayError(
      'limit_reached',
      `${limits.invitationsPerSite} invitations are open: withdraw one first.`,
    )
}

const aboutOf = ({ role, email }: Invite, printer: PrinterItem | undefined): string =>
  `${email ?? 'whoever has the link'}: ${printer?.name ?? role}`

const accountFor = async (ports: Ports, email: string) =>
  ports.accounts ? ports.accounts.invite(email) : { state: 'elsewhere' as const }

/** Takes an invitation back; one that somebody is just being let in by too, unless they are in. */
export const withdrawInvitation = async (
  ports: Ports,
  person: Person,
  siteId: string,
  hash: string,
): Promise<void> => {
  await requireOwner(ports, siteId, person.principal)
  const invitation = await readInvitation(ports, hash)
  if (invitation && invitation.site !== siteId) throw noInvitation()
  const mirror = await ports.directory.get(invitationOfSiteKey(siteId, hash))
  if (!invitation && !mirror) throw noInvitation()
  const about = invitation?.email ?? 'a link'
  await audit(ports, siteId, { action: 'invitation_withdrawn', by: person, about })
  const untaken = all(present('pk'), absent('takenBy'))
  const { outcome } = await ports.directory.delete(invitationKey(hash), untaken)
  const used = outcome !== 'done' && invitation && (await isUsed(ports, hash))
  await forgetInvitation(ports, siteId, hash)
  if (used)
    throw new RelayError(
      'secret_not_valid',
      'The invitation was used meanwhile: look who joined, and remove them if they should not.',
    )
}

/**
 * Takes a taken invitation away and answers whether its taker is in. In this order: who was not let
 * in before the new mark is not let in after it.
 */
const isUsed = async (ports: Ports, hash: string): Promise<boolean> => {
  const taken = await readInvitation(ports, hash)
  // Whoever completed it took it away.
  if (!taken) return true
  const { site: siteId, printer: printerId } = taken
  await ports.directory.delete(invitationKey(hash))
  const key = printerId === undefined ? siteKey(siteId) : printerKey(printerId)
  await ports.directory.update(key, newRemoval(ports), present('pk'))
  const site = await readSite(ports, siteId)
  const printer = printerId === undefined ? undefined : await readPrinter(ports, printerId)
  return site !== undefined && isDone({ hash, invitation: taken, site, printer })
}

const noInvitation = (): RelayError =>
  new RelayError('not_found', 'No such invitation on this site: it was used, or ran out.')

/** What somebody who holds the link is invited to. */
export const lookAtInvitation = async (
  ports: Ports,
  person: Person,
  secret: string,
): Promise<InvitationView> => invitationView(await openedBy(ports, person, secret), ports.now())
