import { printersHandler } from './handlers/printers.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `GET /v1/printers`. Built once for each cold start. */
export const handler = printersHandler(relayFromEnv(process.env))
