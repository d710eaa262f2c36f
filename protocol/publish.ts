import * as z from 'zod/mini'
import { historyChunkSchema } from './history-chunk.ts'
import { millisecondsSchema, seqSchema } from './ids.ts'
import { limits } from './limits.ts'
import { modeSchema } from './mode.ts'
import { sentEventSchema } from './printer-event.ts'
import { patchSchema, printerStateSchema } from './printer-state.ts'

/**
 * One state frame: a keyframe (`full`) or a delta (`k`, `patch`), never both. It also carries the
 * event batch and the history chunk. Answered by `ack` if it asked, by `resync` if unusable.
 */
export const publishSchema = z
  .object({
    action: z.literal('publish'),
    seq: seqSchema,
    full: z.optional(printerStateSchema),
    /** The seq of the keyframe that `patch` builds on. */
    k: z.optional(seqSchema),
    patch: z.optional(patchSchema),
    mode: modeSchema,
    /** At the latest so much later (ms) comes the next frame. */
    interval: millisecondsSchema,
    /** The agent's monotonic clock, ms. */
    agentNow: millisecondsSchema,
    events: z.optional(z.array(sentEventSchema).check(z.maxLength(limits.eventsPerBatch))),
    history: z.optional(historyChunkSchema),
    /** Asks for an `ack`. */
    ack: z.optional(z.boolean()),
  })
  .check(
    z.refine(
      ({ full, k, patch }) => (full === undefined) === (k !== undefined && patch !== undefined),
      {
        error: 'either `full`, or `k` and `patch`',
      },
    ),
    z.refine(
      ({ full, k, patch }) => full === undefined || (k === undefined && patch === undefined),
      {
        error: 'either `full`, or `k` and `patch`',
      },
    ),
    z.refine(({ seq, k }) => k === undefined || k < seq, { error: '`k` is below `seq`' }),
  )
export type Publish = z.infer<typeof publishSchema>
