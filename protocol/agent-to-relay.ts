import * as z from 'zod/mini'
import { helloSchema } from './hello.ts'
import { publishSchema } from './publish.ts'

/** All that an agent says. */
export const agentToRelay = z.discriminatedUnion('action', [helloSchema, publishSchema])
export type AgentToRelay = z.infer<typeof agentToRelay>
