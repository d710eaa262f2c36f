import { messageHandler } from './handlers/message.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `$default`, what fits no route. Built once for each cold start. */
export const handler = messageHandler(relayFromEnv(process.env))
