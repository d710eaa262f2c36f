import * as z from 'zod/mini'
import { closingReasons, type ClosingReasonName } from './closing-reasons.ts'
import { instanceSchema } from './ids.ts'

const names = Object.keys(closingReasons) as [ClosingReasonName, ...ClosingReasonName[]]

/** The last frame of a connection that the relay ends: why, and for `superseded` by whom. */
export const closingSchema = z.object({
  type: z.literal('closing'),
  reason: z.enum(names),
  by: z.optional(instanceSchema),
})
export type Closing = z.infer<typeof closingSchema>
