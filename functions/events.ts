import { eventsHandler } from './handlers/events.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `GET /v1/printers/{id}/events`. Built once for each cold start. */
export const handler = eventsHandler(relayFromEnv(process.env))
