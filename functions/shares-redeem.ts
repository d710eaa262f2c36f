import { sharesRedeemHandler } from './handlers/shares-redeem.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: `POST /v1/shares/redeem`. Built once for each cold start. */
export const handler = sharesRedeemHandler(relayFromEnv(process.env))
