import * as z from 'zod/mini'

/** The relay cannot use the agent's frames: answer with a `hello`. */
export const resyncSchema = z.object({ type: z.literal('resync') })
export type Resync = z.infer<typeof resyncSchema>
