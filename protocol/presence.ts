import * as z from 'zod/mini'
import { generationSchema, printerIdSchema, seqSchema } from './ids.ts'

/** The agent came or went. Ignored below the viewer's own position. */
export const presenceSchema = z.object({
  type: z.literal('presence'),
  printerId: printerIdSchema,
  gen: generationSchema,
  seq: seqSchema,
  online: z.boolean(),
})
export type Presence = z.infer<typeof presenceSchema>
