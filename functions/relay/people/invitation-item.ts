import * as z from 'zod/mini'
import { millisecondsSchema, printerIdSchema } from '../../../protocol/ids.ts'
import { roleSchema } from '../../../protocol/rest.ts'
import { everyItem } from '../table/every-item.ts'
import { inParallel } from '../in-parallel.ts'
import { invitationKey, invitationOfSiteKey, mirroredId, sitePartition } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { readItem, unlessDamagedAsync } from '../table/read-item.ts'
import { dropStaleMirror } from '../table/stale-mirror.ts'

/** An invitation, kept under the SHA-256 of its secret. */
export const invitationItemSchema = z.object({
  site: z.string(),
  /** The single printer that it is for. */
  printer: z.optional(printerIdSchema),
  role: roleSchema,
  /** Only who signs in with this verified address can accept. */
  email: z.optional(z.string()),
  /** ms since 1970 */
  until: millisecondsSchema,
  /** Principal of who made it; it holds only while they own the site. */
  by: z.string(),
  /** Principal of who accepted it: it is theirs alone, and stays until they are let in. */
  takenBy: z.optional(z.string()),
  expiresAt: z.number(),
})
export type InvitationItem = z.infer<typeof invitationItemSchema>

export const readInvitation = (ports: Ports, hash: string): Promise<InvitationItem | undefined> =>
  readItem(ports.directory, invitationItemSchema, invitationKey(hash))

export interface Invitation {
  readonly hash: string
  readonly invitation: InvitationItem
}

const readsAtOnce = 16

/** Every invitation to a site, taken ones and those that ran out too; mirrors lead to them. */
export const invitationsOfSite = async (ports: Ports, siteId: string): Promise<Invitation[]> => {
  const found: Invitation[] = []
  const mirrors = await everyItem(ports.directory, sitePartition(siteId), 'I#')
  await inParallel(mirrors, readsAtOnce, async (mirror) => {
    const hash = mirroredId(mirror)
    const invitation = await unlessDamagedAsync(ports, () => readInvitation(ports, hash))
    if (invitation) found.push({ hash, invitation })
    else await dropStaleMirror(ports, mirror)
  })
  return found
}

/**
 * Takes an invitation away. The truth first, against the usual order: an invitation that no mirror
 * leads to could not be found by the removal of who took it.
 */
export const forgetInvitation = async (
  ports: Ports,
  siteId: string,
  hash: string,
): Promise<void> => {
  await ports.directory.delete(invitationKey(hash))
  await ports.directory.delete(invitationOfSiteKey(siteId, hash))
}
