import * as z from 'zod/mini'
import { millisecondsSchema, ridSchema } from '../../protocol/ids.ts'

/** What a viewer may see. Share links will add a narrower view. */
export const viewSchema = z.enum(['full'])

/** One printer's frames to one connection. `off` is the tombstone of an unsubscribe. */
export const subscriptionItemSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  rid: ridSchema,
  st: z.enum(['pending', 'on', 'off']),
  who: z.string(),
  view: viewSchema,
  until: millisecondsSchema,
})
export type SubscriptionItem = z.infer<typeof subscriptionItemSchema>
