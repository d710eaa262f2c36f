import * as z from 'zod/mini'
import { printerIdSchema, ridSchema } from './ids.ts'

/** Ends the frames of one printer, also when an older subscribe arrives later. No answer. */
export const unsubscribeSchema = z.object({
  action: z.literal('unsubscribe'),
  printerId: printerIdSchema,
  rid: ridSchema,
})
export type Unsubscribe = z.infer<typeof unsubscribeSchema>
