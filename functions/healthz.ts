import { healthzHandler } from './handlers/healthz.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `GET /healthz`. Built once for each cold start. */
export const handler = healthzHandler(relayFromEnv(process.env))
