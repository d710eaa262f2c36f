import * as z from 'zod/mini'
import { millisecondsSchema } from '../../../protocol/ids.ts'

/** A ticket for one socket or one renewal, kept under the hash of its text. */
export const ticketItemSchema = z.object({
  principal: z.string(),
  /** The end of the sign-in that it was given for. */
  session: millisecondsSchema,
  /** When that sign-in began. */
  signedAt: millisecondsSchema,
  /** The end of the ticket itself. */
  until: millisecondsSchema,
})
