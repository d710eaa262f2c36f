import { everyItem } from '../table/every-item.ts'
import { mirroredId, sitePartition } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import type { ShareItem } from '../shares/share-item.ts'

/** The printers that a site's mirrors name, read consistently; the truth may differ. */
export const printersOfSite = async (ports: Ports, siteId: string): Promise<string[]> =>
  (await everyItem(ports.directory, sitePartition(siteId), 'P#')).map(mirroredId)

/** The printers that a share link may show: its one, or all of its site. */
export const printersInScope = async (
  ports: Ports,
  { site, printer }: Pick<ShareItem, 'site' | 'printer'>,
): Promise<string[]> => (printer === undefined ? printersOfSite(ports, site) : [printer])
