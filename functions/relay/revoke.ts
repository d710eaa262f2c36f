import { all, equal, present, sizeAbove, type Condition } from './condition.ts'
import { RelayError } from './errors.ts'
import { everyLiveItem } from './audience.ts'
import { withdrawn } from './hello-claim.ts'
import {
  connectionOfSubscription,
  mirroredId,
  printerKey,
  printerOfPersonKey,
  siteKey,
  siteOfPersonKey,
  sitePartition,
  stateKey,
  subscriptionPrefix,
} from './keys.ts'
import type { Ports } from './ports.ts'
import { endConnection } from './post.ts'
import { readPrinter } from './agent-token.ts'
import { everyItem } from './every-item.ts'
import { readSite } from './grants.ts'
import { readState } from './state-item.ts'

// Every revocation first writes `directory`, then ends what is open, and answers only when both are
// done. Repeating it after a crash finds whatever was left: a connection is closed before the entry
// that names it is deleted.

/** The owner is still the connection that was found with the revoked token. */
const ownedBy = (conn: string): Condition => equal('conn', conn)
/** The last owner of a site cannot leave. */
const notTheLastOwner = (who: string): Condition =>
  all(present(['owners', who]), sizeAbove('owners', 1))

/** Withdraws one version of a printer's agent token. */
export const revokeToken = async (
  ports: Ports,
  printerId: string,
  version: number,
): Promise<void> => {
  const printer = await readPrinter(ports, printerId)
  if (!printer) throw notFound('printer')
  const hashes = Object.keys(printer.tokens).filter((hash) => printer.tokens[hash] === version)
  const remove = hashes.map((hash) => ['tokens', hash] as const)
  if (remove.length > 0)
    await ports.directory.update(printerKey(printerId), { remove }, present('pk'))
  const state = await readState(ports, printerId)
  if (state?.tok !== version) return
  await ports.live.update(stateKey(printerId), withdrawn, ownedBy(state.conn))
  await endConnection(ports, state.conn, 'token_revoked')
}

/** Withdraws a person's role on a site, with all of its printers. */
export const revokeOnSite = async (ports: Ports, siteId: string, who: string): Promise<void> => {
  const site = await readSite(ports, siteId)
  if (!site) throw notFound('site')
  if (Object.hasOwn(site.owners, who)) await removeOwner(ports, siteId, who)
  await ports.directory.delete(siteOfPersonKey(who, siteId))
  await ports.directory.update(siteKey(siteId), { remove: [['viewers', who]] }, present('pk'))
  const mirrors = await everyItem(ports.directory, sitePartition(siteId), 'P#')
  for (const mirror of mirrors) await endSubscriptions(ports, mirroredId(mirror), who)
}

const removeOwner = async (ports: Ports, siteId: string, who: string): Promise<void> => {
  const change = { remove: [['owners', who] as const] }
  if ((await ports.directory.update(siteKey(siteId), change, notTheLastOwner(who))) === 'done')
    return
  const owners = (await readSite(ports, siteId))?.owners ?? {}
  if (Object.hasOwn(owners, who))
    throw new RelayError('bad_request', 'The last owner of a site cannot leave it.')
}

/** Withdraws a person's right to a single printer. A role on its site is another thing. */
export const revokeOnPrinter = async (
  ports: Ports,
  printerId: string,
  who: string,
): Promise<void> => {
  await ports.directory.delete(printerOfPersonKey(who, printerId))
  const change = { remove: [['viewers', who] as const] }
  if ((await ports.directory.update(printerKey(printerId), change, present('pk'))) === 'refused')
    throw notFound('printer')
  await endSubscriptions(ports, printerId, who)
}

/** Whatever state or age an entry has: a pending one may be about to turn on. */
const endSubscriptions = async (ports: Ports, printerId: string, who: string): Promise<void> => {
  const items = await everyLiveItem(ports, printerId)
  const theirs = items.filter(({ sk, who: of }) => sk.startsWith(subscriptionPrefix) && of === who)
  for (const item of theirs) {
    await endConnection(ports, connectionOfSubscription(item), 'access_revoked')
    await ports.live.delete({ pk: item.pk, sk: item.sk })
  }
}

const notFound = (what: string): RelayError => new RelayError('not_found', `No such ${what}.`)
