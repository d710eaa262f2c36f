import { messageHandler } from './handlers/message.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: the routes `hello` and `publish`. Built once for each cold start. */
export const handler = messageHandler(relayFromEnv(process.env))
