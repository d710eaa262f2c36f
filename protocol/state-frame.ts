import * as z from 'zod/mini'
import {
  cursorSchema,
  generationSchema,
  millisecondsSchema,
  printerIdSchema,
  seqSchema,
} from './ids.ts'
import { modeSchema } from './mode.ts'
import { patchSchema, printerStateSchema } from './printer-state.ts'

/** Where a printer's state stands, and of what age and pace it is. */
export const standingFields = {
  gen: generationSchema,
  seq: seqSchema,
  /** The seq of the keyframe that this state descends from. */
  k: seqSchema,
  mode: modeSchema,
  /** The declared silence, ms: at the latest then comes the next frame. */
  interval: millisecondsSchema,
  /** Whether the agent is connected, as far as the relay knows. */
  online: z.boolean(),
  /** When the relay took the state in, ms since 1970 by its clock. */
  relayAt: millisecondsSchema,
  /** The agent's monotonic clock when it made the state, ms. */
  agentNow: millisecondsSchema,
  /** The head of the event log. */
  ev: cursorSchema,
}

/** A printer's state as it was stored: `full` replaces everything, `patch` builds on keyframe `k`. */
export const stateFrameSchema = z.discriminatedUnion('kind', [
  z.object({
    type: z.literal('state'),
    /** `snapshot`: read from the store for one viewer. `keyframe`: fanned out as it came. */
    kind: z.enum(['snapshot', 'keyframe']),
    printerId: printerIdSchema,
    ...standingFields,
    full: printerStateSchema,
  }),
  z.object({
    type: z.literal('state'),
    kind: z.literal('delta'),
    printerId: printerIdSchema,
    ...standingFields,
    patch: patchSchema,
  }),
])
export type StateFrame = z.infer<typeof stateFrameSchema>
