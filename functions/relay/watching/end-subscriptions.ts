import { everyLiveItem } from './audience.ts'
import { inParallel, inParallelEach } from '../in-parallel.ts'
import { connectionOfSubscription, subscriptionPrefix } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { endConnection } from '../post.ts'
import type { Item } from '../table/table.ts'

// A site link can have 250 guests who watch 64 printers each. That is 16,000 entries, too many for
// one handler to delete, but only 250 connections: those end before the answer. An entry whose
// connection has ended shows nobody anything, so deleting it may stop in time: what is left dies
// with its `$disconnect`, the next 410, or its lease.

const queriesAtOnce = 16
const endsAtOnce = 16
const deletionsAtOnce = 32
const deletionsMs = 2000

/** Whose right was withdrawn. */
export interface Theirs {
  readonly isTheirs: (principal: string) => boolean
  /** Connections of theirs that may watch nothing just now. */
  readonly open?: readonly string[]
}

/**
 * Ends the connections of some principals that watch one of these printers. For whoever has
 * withdrawn their right in `directory` before. Each is tried; rejects when one's end is not certain,
 * and then a repetition finds it.
 */
export const endSubscriptions = async (
  ports: Ports,
  printerIds: readonly string[],
  { isTheirs, open = [] }: Theirs,
): Promise<void> => {
  const entries = await entriesOf(ports, printerIds, isTheirs)
  const ended = new Set<string>()
  const connections = new Set([...entries.map(connectionOfSubscription), ...open])
  try {
    await inParallelEach([...connections], endsAtOnce, async (id) => {
      await endConnection(ports, id, 'access_revoked')
      ended.add(id)
    })
  } finally {
    // Only of those: a repetition must find the entry that names a connection which may live on.
    const over = entries.filter((entry) => ended.has(connectionOfSubscription(entry)))
    await deleteInTime(ports, over)
  }
}

/** Their entries, whatever state or age these have: a pending one may be about to turn on. */
const entriesOf = async (
  ports: Ports,
  printerIds: readonly string[],
  isTheirs: Theirs['isTheirs'],
): Promise<Item[]> => {
  const entries: Item[] = []
  await inParallel(printerIds, queriesAtOnce, async (printerId) => {
    for (const item of await everyLiveItem(ports, printerId)) {
      const { sk, who } = item
      if (sk.startsWith(subscriptionPrefix) && typeof who === 'string' && isTheirs(who))
        entries.push(item)
    }
  })
  return entries
}

const deleteInTime = async (ports: Ports, entries: readonly Item[]): Promise<void> => {
  const deadline = ports.now() + deletionsMs
  await inParallelEach(entries, deletionsAtOnce, async ({ pk, sk }) => {
    if (ports.now() < deadline) await ports.live.delete({ pk, sk })
  })
}
