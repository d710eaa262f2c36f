import * as z from 'zod/mini'
import { millisecondsSchema, seqSchema } from './ids.ts'
import { highWaterSchema } from './printer-event.ts'

/** What `welcome` and `ack` have in common. */
export const acknowledgementFields = {
  /** The seq that is stored. Only the newest keyframe's own seq acknowledges it. */
  seq: seqSchema,
  /** The relay's high-water mark of each of the log's latest sources. */
  hwm: highWaterSchema,
  /** How many watch now. */
  viewers: z.int().check(z.minimum(0)),
  /** The least time (ms) between two state frames while watched. */
  interval: millisecondsSchema,
}
