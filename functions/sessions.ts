import { cognitoAccountsOf } from './aws/cognito-accounts.ts'
import { sessionsHandler } from './handlers/sessions.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry; its routes are in routes.ts. Built once for each cold start. */
export const handler = sessionsHandler(relayFromEnv(process.env, { accountsOf: cognitoAccountsOf }))
