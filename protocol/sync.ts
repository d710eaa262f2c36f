import * as z from 'zod/mini'
import { printerIdSchema, ridSchema } from './ids.ts'

/** Asks for one snapshot of a subscribed printer; `fresh` also asks the agent for a new reading. */
export const syncSchema = z.object({
  action: z.literal('sync'),
  printerId: printerIdSchema,
  rid: ridSchema,
  fresh: z.optional(z.boolean()),
})
export type Sync = z.infer<typeof syncSchema>
