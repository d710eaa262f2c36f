import * as z from 'zod/mini'
import { printerIdSchema, ridSchema } from '../../protocol/ids.ts'

/** One batch of a large audience: the same frames, in this order, to each of the targets. */
export const broadcastBatchSchema = z.object({
  printerId: printerIdSchema,
  frames: z.array(z.string()),
  targets: z.array(z.object({ conn: z.string(), rid: ridSchema })),
})
export type BroadcastBatch = z.infer<typeof broadcastBatchSchema>
export type Target = BroadcastBatch['targets'][number]
