import { historyHandler } from './handlers/history.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `GET /v1/printers/{id}/history`. Built once for each cold start. */
export const handler = historyHandler(relayFromEnv(process.env))
