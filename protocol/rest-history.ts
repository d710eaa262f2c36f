import * as z from 'zod/mini'
import { millisecondsSchema } from './ids.ts'
import { temperatureFieldSchema } from './printer-state.ts'

/** °C; null where the reading was not known in that bucket. */
const column = z.array(z.nullable(z.number()))

/**
 * `GET /v1/printers/{id}/history`: temperatures in buckets of `resolution` ms, those without any
 * sample left out. Bucket `i` begins at `at[i]` and is `columns[…].…[i]`.
 */
export const historyAnswerSchema = z.object({
  from: millisecondsSchema,
  to: millisecondsSchema,
  resolution: z.int().check(z.minimum(1)),
  /** Begin of each bucket, ms since 1970 by the relay's clock, rising. */
  at: z.array(millisecondsSchema),
  columns: z.record(temperatureFieldSchema, z.object({ min: column, max: column, mean: column })),
  /**
   * Up to here (ms since 1970) the history knows: join live samples taken later. Absent while there
   * is nothing in the range.
   */
  covered: z.optional(millisecondsSchema),
  now: millisecondsSchema,
})
export type HistoryAnswer = z.infer<typeof historyAnswerSchema>
