import { printsHandler } from './handlers/prints.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `GET /v1/printers/{id}/prints`. Built once for each cold start. */
export const handler = printsHandler(relayFromEnv(process.env))
