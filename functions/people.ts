import { cognitoAccountsOf } from './aws/cognito-accounts.ts'
import { peopleHandler } from './handlers/people.ts'
import { relayFromEnv } from './relay-from-env.ts'

/** Lambda entry; its routes are in routes.ts. Built once for each cold start. */
export const handler = peopleHandler(relayFromEnv(process.env, { accountsOf: cognitoAccountsOf }))
