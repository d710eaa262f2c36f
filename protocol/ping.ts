import * as z from 'zod/mini'
import { printerIdSchema, ridSchema } from './ids.ts'
import { limits } from './limits.ts'

/** Renews the lease of the connection and of each named subscription. Answered by `pong`. */
export const pingSchema = z.object({
  action: z.literal('ping'),
  subs: z
    .record(printerIdSchema, ridSchema)
    .check(z.refine((subs) => Object.keys(subs).length <= limits.subscriptions)),
})
export type Ping = z.infer<typeof pingSchema>
