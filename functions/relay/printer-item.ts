import * as z from 'zod/mini'
import { peopleSchema } from './site-item.ts'

/** A printer as it was set up: where it belongs, its agent tokens, its own viewers. */
export const printerItemSchema = z.object({
  site: z.string(),
  name: z.string(),
  /** Version of each valid token by the SHA-256 of its text; two overlap during rotation. */
  tokens: z.record(z.string(), z.int()),
  /** The highest version ever given. */
  version: z.int(),
  viewers: peopleSchema,
})
export type PrinterItem = z.infer<typeof printerItemSchema>
