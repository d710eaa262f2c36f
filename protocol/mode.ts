import * as z from 'zod/mini'

/** Whether the agent sends for viewers, or keeps the state alive at the least cost (design §4). */
export const modeSchema = z.enum(['watched', 'idle'])
export type Mode = z.infer<typeof modeSchema>
