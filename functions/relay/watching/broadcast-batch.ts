import * as z from 'zod/mini'
import { printerIdSchema, ridSchema } from '../../../protocol/ids.ts'
import { viewSchema } from '../../../protocol/view.ts'

const frames = z.array(z.string())

/** One batch of a large audience: the frames, in this order, to each of the targets in its view. */
export const broadcastBatchSchema = z.object({
  printerId: printerIdSchema,
  /** Of each view that a target has. */
  frames: z.object({ full: z.optional(frames), basic: z.optional(frames) }),
  targets: z.array(z.object({ conn: z.string(), rid: ridSchema, view: viewSchema })),
})
export type BroadcastBatch = z.infer<typeof broadcastBatchSchema>
export type Target = BroadcastBatch['targets'][number]
/** Frames as texts, by view. */
export type TextsByView = BroadcastBatch['frames']
