import * as z from 'zod/mini'
import { instanceSchema, millisecondsSchema, seqSchema } from './ids.ts'
import { limits } from './limits.ts'
import { printerStateSchema } from './printer-state.ts'

/**
 * Takes the printer over, and is a keyframe. Answered by `welcome`, `redial` or `closing`; sent
 * again, with the next seq, until then and after every `resync`.
 */
export const helloSchema = z.object({
  action: z.literal('hello'),
  instance: instanceSchema,
  /** True until this process start was first welcomed. */
  fresh: z.boolean(),
  seq: seqSchema,
  /** Of the agent's software. */
  version: z.string().check(z.maxLength(limits.shortText)),
  /** The agent's monotonic clock, ms. */
  agentNow: millisecondsSchema,
  /** At the latest so much later (ms) comes the next frame. */
  interval: millisecondsSchema,
  state: printerStateSchema,
})
export type Hello = z.infer<typeof helloSchema>
