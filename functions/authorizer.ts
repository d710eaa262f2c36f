import { authorizerHandler } from './handlers/authorizer.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry: the authorizer of `$connect`. Built once for each cold start. */
export const handler = authorizerHandler(relayFromEnv(process.env))
