import { limits } from '../../../protocol/limits.ts'
import type { NewShare, ShareAnswer } from '../../../protocol/rest-shares.ts'
import { guestPrincipal, shareOfGuest } from '../caller.ts'
import { endSubscriptions } from '../watching/end-subscriptions.ts'
import { connectionsOf, whoseConnections } from '../connections/open-connections.ts'
import { readItem } from '../table/read-item.ts'
import { printersInScope } from '../people/scope.ts'
import { readPrinter } from '../publishing/agent-token.ts'
import { audit } from '../sites/audit.ts'
import { equal, type Condition } from '../table/condition.ts'
import { RelayError } from '../errors.ts'
import { expirySeconds } from '../table/expiry.ts'
import { requireOwner } from '../people/grants.ts'
import { shareKey, shareOfSiteKey } from '../table/keys.ts'
import type { Person } from '../people/person.ts'
import type { Ports } from '../ports.ts'
import { newSecret } from '../secret.ts'
import { shareItemSchema, type ShareItem } from './share-item.ts'
import { mirroredShares, type Mirrored } from './site-shares.ts'

/** Makes a share link for a site or one of its printers. Its secret is answered this once. */
export const makeShare = async (
  ports: Ports,
  person: Person,
  siteId: string,
  share: NewShare,
): Promise<ShareAnswer> => {
  await requireOwner(ports, siteId, person.principal)
  const { printerId } = share
  if (printerId !== undefined) await requireOnSite(ports, siteId, printerId)
  await requireRoom(ports, siteId)
  const { secret, hash } = newSecret(ports.randomBytes)
  const item = itemOf(ports, person, siteId, share)
  await audit(ports, siteId, { action: 'share_made', by: person, about: share.name })
  await ports.directory.put({ ...shareKey(hash), ...item, st: 'pending' })
  await ports.directory.put({ ...shareOfSiteKey(siteId, hash), ...item })
  const on = { ...shareKey(hash), ...item, st: 'on' }
  if ((await ports.directory.put(on, notWithdrawn)) === 'done')
    return { id: hash, secret, until: item.until }
  throw new RelayError('unavailable', 'The link was withdrawn while it was made: make another.')
}

/** Who found it in the site's list may have withdrawn it already. */
const notWithdrawn: Condition = equal('st', 'pending')

const requireOnSite = async (ports: Ports, siteId: string, printerId: string): Promise<void> => {
  if ((await readPrinter(ports, printerId))?.site === siteId) return
  throw new RelayError('not_found', 'No such printer on this site.', { printerId })
}

/** Two at once can pass together: the limit bounds a list, it guards nothing. */
const requireRoom = async (ports: Ports, siteId: string): Promise<void> => {
  if ((await mirroredShares(ports, siteId)).length < limits.sharesPerSite) return
  const message = `The site has ${limits.sharesPerSite} share links: revoke one first.`
  throw new RelayError('limit_reached', message)
}

const itemOf = (
  ports: Ports,
  { principal: by }: Person,
  site: string,
  { name, printerId: printer, view, display, lifetime }: NewShare,
): ShareItem => {
  const until = ports.now() + lifetime
  return {
    ...{ site, view, name, display, by, until, expiresAt: expirySeconds(until) },
    ...(printer !== undefined && { printer }),
  }
}

const ofThisSite = (siteId: string): Condition => equal('site', siteId)

/**
 * Withdraws a share link and ends what its guests have open. The truth goes first and the mirror
 * last: killed between, the link opens nothing more and is still in the owner's list, so that they
 * withdraw it again and nobody is left watching.
 */
export const revokeShare = async (
  ports: Ports,
  person: Person,
  siteId: string,
  hash: string,
): Promise<void> => {
  await requireOwner(ports, siteId, person.principal)
  const mirror = shareOfSiteKey(siteId, hash)
  const share = await readItem(ports.directory, shareItemSchema, mirror)
  if (!share)
    throw new RelayError('not_found', 'No such share link on this site: it may be withdrawn.')
  await audit(ports, siteId, { action: 'share_revoked', by: person, about: share.name })
  await withdrawShare(ports, siteId, { hash, share })
}

/** The same for whoever may. */
export const withdrawShare = async (
  ports: Ports,
  siteId: string,
  { hash, share }: Mirrored,
): Promise<void> => {
  await ports.directory.delete(shareKey(hash), ofThisSite(siteId))
  const isTheirs = (who: string): boolean => shareOfGuest(who) === hash
  // Also what watches nothing now: it would stay open to no end.
  const open = await connectionsOf(ports, whoseConnections(guestPrincipal(hash, '')))
  await endSubscriptions(ports, await printersInScope(ports, share), { isTheirs, open })
  await ports.directory.delete(shareOfSiteKey(siteId, hash))
}
