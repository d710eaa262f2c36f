import * as z from 'zod/mini'
import { millisecondsSchema } from '../../../protocol/ids.ts'
import { secretHashSchema } from '../../../protocol/secret.ts'

/** A guest's token, kept under the hash of its text. It opens nothing without its share link. */
export const guestTokenItemSchema = z.object({
  principal: z.string(),
  /** The share link, by the hash of its secret. */
  share: secretHashSchema,
  /** When it was given. */
  at: millisecondsSchema,
  until: millisecondsSchema,
})
