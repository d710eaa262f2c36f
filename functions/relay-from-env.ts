import { entriesOf, readEnvironment } from './env.ts'
import { portsFrom, type Replacements, type Variables } from './ports-from-env.ts'
import { createRelay, type Relay } from './relay/create-relay.ts'

/** The relay over DynamoDB and the gateway's management API, as the environment says. */
export const relayFromEnv = (variables: Variables, replacements: Replacements = {}): Relay => {
  const env = readEnvironment(variables)
  return createRelay(portsFrom(env, replacements), {
    ownerEmail: env.OWNER_EMAIL?.toLowerCase(),
    origins: entriesOf(env.ALLOWED_ORIGINS),
    admission: {
      emails: entriesOf(env.ADMISSION_EMAILS.toLowerCase()),
      domains: entriesOf(env.ADMISSION_DOMAINS.toLowerCase()),
      group: env.ADMISSION_GROUP,
    },
  })
}
