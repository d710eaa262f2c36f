import * as z from 'zod/mini'
import { millisecondsSchema } from './ids.ts'

/** Somebody watches: pushed at once, again until the agent's frames say `watched`. */
export const demandSchema = z.object({
  type: z.literal('demand'),
  viewers: z.int().check(z.minimum(1)),
  /** The least time (ms) between two state frames. */
  interval: millisecondsSchema,
})
export type Demand = z.infer<typeof demandSchema>
