import * as z from 'zod/mini'
import { agentSourceSchema } from '../../protocol/ids.ts'
import { eventBodySchema } from '../../protocol/printer-event.ts'
import { decodeLine, encodeLine } from '../disk/checked-line.ts'
import { memorySchema } from '../events/memory.ts'

const numbered = { src: agentSourceSchema, m: z.int().check(z.minimum(1)) }

/** An event that waits; `wall` is the clock on the wall when it happened, ms since 1970. */
const keptEventSchema = z.object({ ...numbered, wall: z.number(), body: eventBodySchema })
export type KeptEvent = z.infer<typeof keptEventSchema>

/** One line of the outbox. */
const recordSchema = z.discriminatedUnion('is', [
  z.object({ is: z.literal('outbox'), version: z.literal(1) }),
  /** Events that were found, and what the detector remembers with them: both or neither. */
  z.object({
    is: z.literal('found'),
    events: z.array(keptEventSchema),
    memory: memorySchema,
    wall: z.number(),
  }),
  /** Events that were kept before this file was written anew. */
  z.object({ is: z.literal('kept'), events: z.array(keptEventSchema) }),
  /** The newest event, which counts what there was no room for, counts so many now. */
  z.object({ is: z.literal('lost'), ...numbered, count: z.int() }),
  /** The relay has everything of a source up to `m`. */
  z.object({ is: z.literal('confirmed'), ...numbered }),
])
export type OutboxRecord = z.infer<typeof recordSchema>

export const firstRecord: OutboxRecord = { is: 'outbox', version: 1 }

export const encodeRecord = (record: OutboxRecord): string => encodeLine(record)

/** The record of a line (without its end), or undefined when it is not as it was written. */
export const decodeRecord = (line: string): OutboxRecord | undefined => {
  const parsed = recordSchema.safeParse(decodeLine(line))
  return parsed.success ? parsed.data : undefined
}
