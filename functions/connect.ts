import { connectHandler } from './handlers/connect.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `$connect`. Built once for each cold start. */
export const handler = connectHandler(relayFromEnv(process.env))
