import * as z from 'zod/mini'
import { errorCodes, type ErrorCodeName } from './error-codes.ts'
import { millisecondsSchema, printerIdSchema, ridSchema } from './ids.ts'
import { limits } from './limits.ts'

const names = Object.keys(errorCodes) as [ErrorCodeName, ...ErrorCodeName[]]

const fields = {
  code: z.enum(names),
  /** What happened, where, and what to do. */
  message: z.string().check(z.maxLength(limits.longText)),
  retryable: z.boolean(),
  /** Wait so long (ms) before the next try. */
  retryAfter: z.optional(millisecondsSchema),
  /** Finds the request in the relay's log. */
  requestId: z.string().check(z.maxLength(limits.shortText)),
}

/** The answer to a frame that was refused. The connection stays open. */
export const errorFrameSchema = z.object({
  type: z.literal('error'),
  ...fields,
  printerId: z.optional(printerIdSchema),
  rid: z.optional(ridSchema),
})
export type ErrorFrame = z.infer<typeof errorFrameSchema>

/** The body of every HTTP answer that is not a success. */
export const errorBodySchema = z.object({ error: z.object(fields) })
export type ErrorBody = z.infer<typeof errorBodySchema>
