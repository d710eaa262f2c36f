import { readPrinter } from '../publishing/agent-token.ts'
import { all, present, sizeAbove, type Condition } from '../table/condition.ts'
import { endSubscriptions } from '../watching/end-subscriptions.ts'
import { RelayError } from '../errors.ts'
import { readSite, roleOnSite } from './grants.ts'
import { inParallel } from '../in-parallel.ts'
import { forgetInvitation, invitationsOfSite } from './invitation-item.ts'
import {
  personOfSiteKey,
  printerKey,
  printerOfPersonKey,
  siteKey,
  siteOfPersonKey,
} from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { unlessDamagedAsync } from '../table/read-item.ts'
import { newRemoval } from './removal.ts'
import { printersOfSite } from './scope.ts'
import type { Change } from '../table/table.ts'

// As every revocation (revoke.ts): `directory` first, then what is open, and an answer only when
// both are done. Repeating it after a crash finds whatever was left.

/** The last owner of a site cannot leave. */
export const notTheLastOwner = (who: string): Condition =>
  all(present(['owners', who]), sizeAbove('owners', 1))

/** A site keeps at least one owner. */
export const lastOwner = (): RelayError =>
  new RelayError('last_owner', 'The last owner of a site stays: make somebody else an owner first.')

/**
 * Withdraws all that a person may see of a site: the role on it, the rights to single printers of
 * it, and the invitations to it that they took and that were not carried out yet, or made.
 */
export const revokeOnSite = async (ports: Ports, siteId: string, who: string): Promise<void> => {
  const site = await readSite(ports, siteId)
  if (!site) throw notFound('site')
  if (Object.hasOwn(site.owners, who)) await removeOwner(ports, siteId, who)
  const invitedTo = await forgetInvitations(ports, siteId, { who })
  await ports.directory.delete(siteOfPersonKey(who, siteId))
  await ports.directory.update(siteKey(siteId), withoutViewer(ports, who), present('pk'))
  const printerIds = await printersOfSite(ports, siteId)
  await inParallel(printerIds, readsAtOnce, async (printerId) => {
    const printer = await unlessDamagedAsync(ports, () => readPrinter(ports, printerId))
    if (Object.hasOwn(printer?.viewers ?? {}, who) || invitedTo.has(printerId))
      await withdrawPrinter(ports, printerId, who)
  })
  await endSubscriptions(ports, printerIds, { isTheirs: (of) => of === who })
  await ports.directory.delete(personOfSiteKey(siteId, who))
}

const readsAtOnce = 8

const removeOwner = async (ports: Ports, siteId: string, who: string): Promise<void> => {
  const change = { remove: [['owners', who] as const] }
  if ((await ports.directory.update(siteKey(siteId), change, notTheLastOwner(who))) === 'done')
    return
  const owners = (await readSite(ports, siteId))?.owners ?? {}
  if (Object.hasOwn(owners, who)) throw lastOwner()
}

const withoutViewer = (ports: Ports, who: string): Change => ({
  ...newRemoval(ports),
  remove: [['viewers', who]],
})

interface Theirs {
  readonly who: string
  /** Only those to this printer that they took. */
  readonly printerId?: string
}

/**
 * Takes the invitations away that somebody accepted and is just being let in by, and those that they
 * made, by which somebody else may be; answers their printers. Before the truth changes: see
 * accept-invitation.ts.
 */
const forgetInvitations = async (
  ports: Ports,
  siteId: string,
  { who, printerId }: Theirs,
): Promise<ReadonlySet<string | undefined>> => {
  const theirs = (await invitationsOfSite(ports, siteId)).filter(
    ({ invitation: { takenBy, by, printer } }) =>
      printerId === undefined
        ? takenBy === who || by === who
        : takenBy === who && printer === printerId,
  )
  for (const { hash } of theirs) await forgetInvitation(ports, siteId, hash)
  return new Set(theirs.map(({ invitation }) => invitation.printer))
}

/** Withdraws a person's right to a single printer. A role on its site is another thing. */
export const revokeOnPrinter = async (
  ports: Ports,
  printerId: string,
  who: string,
): Promise<void> => {
  const printer = await readPrinter(ports, printerId)
  if (!printer) throw notFound('printer')
  await forgetInvitations(ports, printer.site, { who, printerId })
  await withdrawPrinter(ports, printerId, who)
  const site = await readSite(ports, printer.site)
  // Whoever withdraws that role later ends what is open then.
  if (site && roleOnSite(site, who) !== undefined) return
  await endSubscriptions(ports, [printerId], { isTheirs: (of) => of === who })
}

const withdrawPrinter = async (ports: Ports, printerId: string, who: string): Promise<void> => {
  await ports.directory.delete(printerOfPersonKey(who, printerId))
  const change = withoutViewer(ports, who)
  await ports.directory.update(printerKey(printerId), change, present('pk'))
}

const notFound = (what: string): RelayError => new RelayError('not_found', `No such ${what}.`)
