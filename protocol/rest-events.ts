import * as z from 'zod/mini'
import { cursorSchema, millisecondsSchema } from './ids.ts'
import { limits } from './limits.ts'
import { loggedEventSchema } from './printer-event.ts'

/**
 * `GET /v1/printers/{id}/events`: a page of the log, oldest first. Which one is said by `after` (what
 * follows a cursor), `before` (the newest below it) or neither (the newest).
 */
export const eventPageSchema = z.object({
  events: z.array(loggedEventSchema).check(z.maxLength(limits.eventsPerPage)),
  /**
   * The cursor behind this page: what lies between the one asked for and it, and is not among the
   * events, has expired.
   */
  next: cursorSchema,
  /** Ask for the page before with this; absent where there is none. */
  before: z.optional(cursorSchema),
  /** The head of the log when the page was read. */
  head: cursorSchema,
  /** The relay's clock, ms since 1970. */
  now: millisecondsSchema,
})
export type EventPage = z.infer<typeof eventPageSchema>
