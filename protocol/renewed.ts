import * as z from 'zod/mini'
import { millisecondsSchema } from './ids.ts'

/** The connection lives until then now (ms since 1970 by the relay's clock). */
export const renewedSchema = z.object({ type: z.literal('renewed'), until: millisecondsSchema })
export type Renewed = z.infer<typeof renewedSchema>
