import * as z from 'zod/mini'
import { acknowledgementFields } from './acknowledgement.ts'

/** The answer to a `hello` that owns the printer now. */
export const welcomeSchema = z.object({ type: z.literal('welcome'), ...acknowledgementFields })
export type Welcome = z.infer<typeof welcomeSchema>
