import type { SiteShare } from '../../../protocol/rest-sites.ts'
import { everyLiveItem } from '../watching/audience.ts'
import { shareOfGuest } from '../caller.ts'
import { everyItem } from '../table/every-item.ts'
import { inParallel } from '../in-parallel.ts'
import { mirroredId, sitePartition, subscriptionPrefix } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { parseItem, unlessDamaged } from '../table/read-item.ts'
import { printersOfSite } from '../people/scope.ts'
import { shareItemSchema, type ShareItem } from './share-item.ts'
import { subscriptionItemSchema } from '../watching/subscription-item.ts'

export interface Mirrored {
  readonly hash: string
  readonly share: ShareItem
}

/**
 * The share links of a site that did not end, by its mirrors. One without its truth is half made
 * or half withdrawn: it opens nothing, and is listed until somebody withdraws it whole.
 */
export const mirroredShares = async (ports: Ports, siteId: string): Promise<Mirrored[]> => {
  const mirrors = await everyItem(ports.directory, sitePartition(siteId), 'H#')
  return mirrors.flatMap((mirror) => {
    const share = unlessDamaged(ports, () => parseItem(shareItemSchema, mirror))
    if (!share || share.until <= ports.now()) return []
    return [{ hash: mirroredId(mirror), share }]
  })
}

/** A site's share links for its owners, the newest end first, with the guests who watch now. */
export const sharesOfSite = async (ports: Ports, siteId: string): Promise<SiteShare[]> => {
  const shares = await mirroredShares(ports, siteId)
  if (shares.length === 0) return []
  const guests = await guestsOfSite(ports, siteId)
  return shares
    .map(({ hash, share: { name, view, display, printer, until } }) => ({
      ...{ id: hash, name, view, display, until, guests: guests.get(hash)?.size ?? 0 },
      ...(printer !== undefined && { printerId: printer }),
    }))
    .sort((a, b) => b.until - a.until || (a.id < b.id ? -1 : 1))
}

const queriesAtOnce = 16

/** Guests by the link that brought them: one query for each printer, however many links there are. */
const guestsOfSite = async (ports: Ports, siteId: string): Promise<Map<string, Set<string>>> => {
  const guests = new Map<string, Set<string>>()
  const add = (who: string): void => {
    const hash = shareOfGuest(who)
    if (hash !== undefined) guests.set(hash, (guests.get(hash) ?? new Set()).add(who))
  }
  await inParallel(await printersOfSite(ports, siteId), queriesAtOnce, async (printerId) => {
    for (const who of await watching(ports, printerId)) add(who)
  })
  return guests
}

/** Principals with a subscription that is on and leased. */
const watching = async (ports: Ports, printerId: string): Promise<string[]> => {
  const now = ports.now()
  return (await everyLiveItem(ports, printerId))
    .filter(({ sk }) => sk.startsWith(subscriptionPrefix))
    .flatMap((item) => unlessDamaged(ports, () => parseItem(subscriptionItemSchema, item)) ?? [])
    .filter(({ st, until }) => st === 'on' && until > now)
    .map(({ who }) => who)
}
