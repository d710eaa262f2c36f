import { messageHandler } from './handlers/message.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: the routes `subscribe`, `unsubscribe`, `sync`, `renew` and `ping`. Built once for each cold start. */
export const handler = messageHandler(relayFromEnv(process.env))
