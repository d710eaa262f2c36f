import * as z from 'zod/mini'
import { cursorSchema, printerIdSchema, ridSchema } from './ids.ts'

/** Starts the frames of one printer. Answered by a snapshot and `subscribed`, or by `error`. */
export const subscribeSchema = z.object({
  action: z.literal('subscribe'),
  printerId: printerIdSchema,
  rid: ridSchema,
  /** The last event the viewer has shown. */
  since: z.optional(cursorSchema),
})
export type Subscribe = z.infer<typeof subscribeSchema>
