import * as z from 'zod/mini'
import { millisecondsSchema } from '../../../protocol/ids.ts'
import type { Named } from '../people/person.ts'

/** A pairing code, kept under the hash of its text. */
export const pairingItemSchema = z.object({
  site: z.string(),
  /** The printer's name. */
  name: z.string(),
  /** The printer that gets another token; absent where the code makes a new one. */
  printer: z.optional(z.string()),
  /** Who asked for the code: the principal, and how they are called. */
  by: z.string(),
  called: z.string(),
  /** The end of the code, ms since 1970. */
  until: millisecondsSchema,
})
export type PairingItem = z.infer<typeof pairingItemSchema>

/** Who asked for a code, for the audit. */
export const whoAsked = ({ by, called }: PairingItem): Named => ({
  principal: by,
  email: undefined,
  name: called,
})
