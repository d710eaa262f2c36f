import * as z from 'zod/mini'
import { instanceSchema, millisecondsSchema } from './ids.ts'
import { limits } from './limits.ts'
import { temperatureFieldSchema } from './printer-state.ts'

/**
 * Five minutes of temperatures, a column a reading: tenths of a degree, each number the difference
 * to the one before, and runs of equal differences as `[difference, count]` pairs in one flat list.
 */
export const historyChunkSchema = z.object({
  /** The process start that took it, where that was an earlier one than sends it. */
  inst: z.optional(instanceSchema),
  /** Counts the chunks of one process start. */
  chunk: z.int().check(z.minimum(0)),
  /** How long ago the first sample was taken when the frame was made, ms. */
  age: millisecondsSchema,
  /** Between two samples, ms. */
  step: z.int().check(z.minimum(100)),
  /** Samples in each column. */
  length: z.int().check(z.minimum(1), z.maximum(limits.historyNumbers)),
  columns: z
    .record(temperatureFieldSchema, z.array(z.int()).check(z.maxLength(limits.historyNumbers * 2)))
    .check(z.refine((columns) => Object.keys(columns).length <= limits.historyColumns)),
})
export type HistoryChunk = z.infer<typeof historyChunkSchema>
