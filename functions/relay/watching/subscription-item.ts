import * as z from 'zod/mini'
import { millisecondsSchema, ridSchema } from '../../../protocol/ids.ts'
import { viewSchema, type View } from '../../../protocol/view.ts'

/** What an entry has that no grant decided yet, or any more: nobody is shown anything by it. */
export const undecidedView: View = 'basic'

/** One printer's frames to one connection. `off` is the tombstone of an unsubscribe. */
export const subscriptionItemSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  rid: ridSchema,
  st: z.enum(['pending', 'on', 'off']),
  who: z.string(),
  /** What the grant lets its viewer see. */
  view: viewSchema,
  until: millisecondsSchema,
  /** The end of the share link that it is by: no lease outlives it. */
  grantUntil: z.optional(millisecondsSchema),
})
