import { printerHandler } from './handlers/printer.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `GET /v1/printers/{id}`. Built once for each cold start. */
export const handler = printerHandler(relayFromEnv(process.env))
