import * as z from 'zod/mini'
import { millisecondsSchema, printerIdSchema } from './ids.ts'

/** The answer to `ping`: the named subscriptions that the relay does not have. */
export const pongSchema = z.object({
  type: z.literal('pong'),
  missing: z.array(printerIdSchema),
  /** The relay's clock, ms since 1970. */
  now: millisecondsSchema,
})
export type Pong = z.infer<typeof pongSchema>
