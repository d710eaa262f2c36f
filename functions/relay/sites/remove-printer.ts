import { readEvenRemoved } from '../publishing/agent-token.ts'
import { agentPrincipal } from '../caller.ts'
import { present } from '../table/condition.ts'
import { endOwner } from '../publishing/end-owner.ts'
import { endSubscriptions } from '../watching/end-subscriptions.ts'
import { inParallelEach } from '../in-parallel.ts'
import { printerKey, printerOfPersonKey, printerOfSiteKey, stateKey } from '../table/keys.ts'
import { connectionsOf } from '../connections/open-connections.ts'
import type { Ports } from '../ports.ts'
import { withdrawShare } from '../shares/shares.ts'
import { mirroredShares } from '../shares/site-shares.ts'
import { endConnection } from '../post.ts'

const endsAtOnce = 8

/**
 * Takes a printer away. First it is marked, and is there for nobody from then on: neither a grant
 * nor a token holds. Then all that is open ends, and the entries go: mirrors before the truth, so
 * that a repetition after a crash finds the mark and finishes.
 */
export const takeAway = async (ports: Ports, printerId: string): Promise<void> => {
  const printer = await readEvenRemoved(ports, printerId)
  if (!printer) return
  const key = printerKey(printerId)
  const removed = printer.removed ?? ports.now()
  const mark = { set: [['removed', removed] as const, ['tokens', {}] as const] }
  await ports.directory.update(key, mark, present('pk'))
  await endAgent(ports, printerId)
  await endSubscriptions(ports, [printerId], { isTheirs: () => true })
  await withdrawItsShares(ports, printer.site, printerId)
  for (const who of Object.keys(printer.viewers))
    await ports.directory.delete(printerOfPersonKey(who, printerId))
  await ports.directory.delete(printerOfSiteKey(printer.site, printerId))
  await ports.directory.delete(key)
  await ports.live.delete(stateKey(printerId))
}

/** Links to this printer alone show nothing any more: they take no place in the site's list. */
const withdrawItsShares = async (
  ports: Ports,
  siteId: string,
  printerId: string,
): Promise<void> => {
  for (const mirrored of await mirroredShares(ports, siteId))
    if (mirrored.share.printer === printerId) await withdrawShare(ports, siteId, mirrored)
}

/** The owner, and whoever else is connected with a token of this printer. */
const endAgent = async (ports: Ports, printerId: string): Promise<void> => {
  await endOwner(ports, printerId, () => true)
  const open = await connectionsOf(ports, agentPrincipal(printerId))
  await inParallelEach(open, endsAtOnce, (id) => endConnection(ports, id, 'token_revoked'))
}
