import * as z from 'zod/mini'
import { limits } from '../../../protocol/limits.ts'
import { auditEntrySchema, type AuditEntry, type AuditPage } from '../../../protocol/rest-audit.ts'
import { expired, expirySeconds, keptFor } from '../table/expiry.ts'
import { requireOwner } from '../people/grants.ts'
import { auditKey, auditPartition } from '../table/keys.ts'
import { calledName, type Named } from '../people/person.ts'
import type { Ports } from '../ports.ts'
import { parseItem, unlessDamaged } from '../table/read-item.ts'

const auditItemSchema = z.object({
  sk: z.string(),
  ...z.omit(auditEntrySchema, { id: true }).shape,
  expiresAt: z.number(),
})

interface Deed {
  readonly action: AuditEntry['action']
  readonly by: Named
  readonly about: string
}

/**
 * Writes down what is about to be done on a site. Before it is done: a deed that a crash then
 * prevents is told too, one without its entry never happens.
 */
export const audit = async (
  ports: Ports,
  siteId: string,
  { action, by, about }: Deed,
): Promise<void> => {
  const at = ports.now()
  const id = Buffer.from(ports.randomBytes(6)).toString('hex')
  await ports.directory.put({
    ...auditKey(siteId, at, id),
    ...{ at, action, by: cut(calledName(by)), about: cut(about) },
    expiresAt: expirySeconds(at + keptFor.audit),
  })
}

const cut = (text: string): string => text.slice(0, limits.longText)

/** A page of a site's audit, newest first; for its owners. */
export const readAudit = async (
  ports: Ports,
  principal: string,
  siteId: string,
  before: string | undefined,
): Promise<AuditPage> => {
  await requireOwner(ports, siteId, principal)
  const pk = auditPartition(siteId)
  const page = await ports.directory.query({
    ...{ pk, newestFirst: true, limit: limits.auditPerPage },
    ...(before !== undefined && { after: { pk, sk: before } }),
  })
  const entries = page.items.flatMap((item) => {
    const stored = unlessDamaged(ports, () => parseItem(auditItemSchema, item))
    if (!stored || expired(stored, ports.now())) return []
    const { sk: id, at, action, by, about } = stored
    return [{ id, at, action, by, about }]
  })
  const last = page.items.at(-1)
  return { entries, ...(page.after && last && { before: last.sk }) }
}
