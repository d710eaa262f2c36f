import * as z from 'zod/mini'
import { acknowledgementFields } from './acknowledgement.ts'

/** The answer to a `publish` that asked. */
export const ackSchema = z.object({ type: z.literal('ack'), ...acknowledgementFields })
export type Ack = z.infer<typeof ackSchema>
