import { pairingRedeemHandler } from './handlers/pairing-redeem.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `POST /v1/pairing/redeem`. Built once for each cold start. */
export const handler = pairingRedeemHandler(relayFromEnv(process.env))
