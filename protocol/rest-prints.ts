import * as z from 'zod/mini'
import { cursorSchema, millisecondsSchema } from './ids.ts'
import { limits } from './limits.ts'
import { failureReasons, jobFields } from './printer-event.ts'

/** How a print ended; `unknown` when the events that would say so were lost. */
export const printOutcomes = ['running', 'complete', 'failed', 'unknown'] as const

/** One print, as the event log tells it. */
export const printRecordSchema = z.object({
  /** The number of the event that it began with (or of its end, where the beginning was lost). */
  n: cursorSchema,
  outcome: z.enum(printOutcomes),
  /** Why it failed. */
  reason: z.optional(z.enum(failureReasons)),
  /** ms since 1970 by the relay's clock. */
  start: z.optional(millisecondsSchema),
  end: z.optional(millisecondsSchema),
  ...jobFields,
})
export type PrintRecord = z.infer<typeof printRecordSchema>

/** `GET /v1/printers/{id}/prints`: a page of print records, newest first. */
export const printPageSchema = z.object({
  prints: z.array(printRecordSchema).check(z.maxLength(limits.printsPerPage)),
  /** Ask for the next page with `before` this; absent on the last. */
  before: z.optional(cursorSchema),
  now: millisecondsSchema,
})
export type PrintPage = z.infer<typeof printPageSchema>
