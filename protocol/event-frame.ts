import * as z from 'zod/mini'
import { loggedEventSchema } from './printer-event.ts'

/** One event of the log, as it was appended. */
export const eventFrameSchema = z.extend(loggedEventSchema, { type: z.literal('event') })
export type EventFrame = z.infer<typeof eventFrameSchema>
