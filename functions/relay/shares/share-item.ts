import * as z from 'zod/mini'
import { millisecondsSchema } from '../../../protocol/ids.ts'
import { viewSchema } from '../../../protocol/view.ts'
import { shareKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { readItem } from '../table/read-item.ts'

/** What a share link is, in its truth (under the hash of its secret) and in its site's list. */
export const shareItemSchema = z.object({
  site: z.string(),
  /** The one printer it is for; absent where it is for the whole site. */
  printer: z.optional(z.string()),
  view: viewSchema,
  name: z.string(),
  display: z.boolean(),
  /** Principal of the owner who made it. */
  by: z.string(),
  /** The end of the link, ms since 1970. It never changes: tokens and leases are cut to it. */
  until: millisecondsSchema,
  expiresAt: z.number(),
})
export type ShareItem = z.infer<typeof shareItemSchema>

/** A link opens nothing before it is in its site's list, where owners find it to withdraw it. */
export const shareTruthSchema = z.object({
  ...shareItemSchema.shape,
  st: z.enum(['pending', 'on']),
})

/** The share link while it stands, read consistently from the truth. */
export const standingShare = async (ports: Ports, hash: string): Promise<ShareItem | undefined> => {
  const share = await readItem(ports.directory, shareTruthSchema, shareKey(hash))
  return share && share.st === 'on' && share.until > ports.now() ? share : undefined
}
