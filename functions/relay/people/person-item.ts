import * as z from 'zod/mini'
import { limits } from '../../../protocol/limits.ts'
import { personOfSiteKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { readItem } from '../table/read-item.ts'

/** How somebody of a site is called in its lists. It gives no right. */
export const personItemSchema = z.object({ name: z.optional(z.string()), at: z.number() })

/** Writes down how somebody who comes to a site is called. */
export const notePerson = async (
  ports: Ports,
  siteId: string,
  { who, name }: { readonly who: string; readonly name: string },
): Promise<void> => {
  const called = name.slice(0, limits.shortText)
  await ports.directory.put({ ...personOfSiteKey(siteId, who), name: called, at: ports.now() })
}

/** What somebody of a site is called, or their principal where nothing is known. */
export const calledOnSite = async (ports: Ports, siteId: string, who: string): Promise<string> => {
  const item = await readItem(ports.directory, personItemSchema, personOfSiteKey(siteId, who))
  return item?.name ?? who
}
