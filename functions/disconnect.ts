import { disconnectHandler } from './handlers/disconnect.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `$disconnect`. Built once for each cold start. */
export const handler = disconnectHandler(relayFromEnv(process.env))
