import { broadcastHandler } from './handlers/broadcast.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: one batch of a large audience. Built once for each cold start. */
export const handler = broadcastHandler(relayFromEnv(process.env))
