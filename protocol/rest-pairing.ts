import * as z from 'zod/mini'
import { agentTokenSchema } from './agent-token.ts'
import { millisecondsSchema, printerIdSchema } from './ids.ts'
import { limits } from './limits.ts'
import { givenNameSchema, nameSchema } from './name.ts'
import { pairingCodeSchema } from './pairing-code.ts'

/** `POST /v1/sites/{id}/pairing`: a code for a new printer of this name. */
export const newPrinterSchema = z.object({ name: nameSchema })
export type NewPrinter = z.infer<typeof newPrinterSchema>

/** The answer to it, and to `POST /v1/printers/{id}/pairing`: a code for another token of a printer. */
export const pairingAnswerSchema = z.object({
  code: z.string(),
  /** When the code ends, ms since 1970 by the relay's clock. */
  until: millisecondsSchema,
  now: millisecondsSchema,
})
export type PairingAnswer = z.infer<typeof pairingAnswerSchema>

/** `POST /v1/pairing/redeem`: the agent shows the code, once. */
export const redeemCodeSchema = z.object({
  code: pairingCodeSchema,
  version: z.string().check(z.maxLength(limits.shortText)),
})
export type RedeemCode = z.infer<typeof redeemCodeSchema>

export const redeemedCodeSchema = z.object({
  printerId: printerIdSchema,
  name: givenNameSchema,
  /** Shown this once; the relay keeps its hash. */
  token: agentTokenSchema,
  /** Whether an older token of this printer works until this one connects. */
  rotates: z.boolean(),
})
export type RedeemedCode = z.infer<typeof redeemedCodeSchema>

/** `POST /v1/printers/{id}/name` and `POST /v1/sites/{id}/name` */
export const renameSchema = z.object({ name: nameSchema })

/** `POST /v1/printers/{id}/tokens/revoke` */
export const revokeTokenSchema = z.object({ version: z.int().check(z.minimum(1)) })
