import { ticketsHandler } from './handlers/tickets.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `POST /v1/tickets`. Built once for each cold start. */
export const handler = ticketsHandler(relayFromEnv(process.env))
