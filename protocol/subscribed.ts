import * as z from 'zod/mini'
import { cursorSchema, millisecondsSchema, printerIdSchema, ridSchema } from './ids.ts'

/** The subscription is on: no frame is missed from here. `head` was read after it was. */
export const subscribedSchema = z.object({
  type: z.literal('subscribed'),
  printerId: printerIdSchema,
  rid: ridSchema,
  /** The head of the event log: what lies between the viewer's cursor and it is to be paged. */
  head: cursorSchema,
  /** The relay's clock, ms since 1970. */
  now: millisecondsSchema,
})
export type Subscribed = z.infer<typeof subscribedSchema>
