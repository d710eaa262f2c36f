import { pairingHandler } from './handlers/pairing.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry; its routes are in routes.ts. Built once for each cold start. */
export const handler = pairingHandler(relayFromEnv(process.env))
