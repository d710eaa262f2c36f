import * as z from 'zod/mini'
import { millisecondsSchema } from '../../../protocol/ids.ts'
import { peopleSchema } from './site-item.ts'

/** A printer as it was set up: where it belongs, its agent tokens, its own viewers. */
export const printerItemSchema = z.object({
  site: z.string(),
  name: z.string(),
  /** Version of each token by the SHA-256 of its text; two overlap during rotation. */
  tokens: z.record(z.string(), z.int()),
  /** The highest version ever given. */
  version: z.int(),
  /** From then on (ms since 1970) no token below that version is valid. */
  retireAt: z.optional(millisecondsSchema),
  /** Since when (ms since 1970) an owner is taking the printer away: it is there for nobody else. */
  removed: z.optional(millisecondsSchema),
  viewers: peopleSchema,
  /** Changes whenever somebody's right is withdrawn, as on the site. */
  removal: z.optional(z.string()),
})
export type PrinterItem = z.infer<typeof printerItemSchema>
