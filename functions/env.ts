import * as z from 'zod/mini'

/** The environment of the functions: the stack sets these names, the functions read them. */
const text = z.string().check(z.minLength(1))
const list = z._default(z.string(), '')

export const environmentSchema = z.object({
  /** Names of the two tables. */
  LIVE_TABLE: text,
  DIRECTORY_TABLE: text,
  /** Where connections are posted to: the stage's callback URL. */
  GATEWAY_ENDPOINT: z.url(),
  /** Origins of the pages that may open the relay, with commas between. */
  ALLOWED_ORIGINS: list,
  /** Another endpoint for DynamoDB: the one-machine run. */
  DYNAMODB_ENDPOINT: z.optional(z.url()),
  /** Who may sign in: addresses, domains (commas between), and `claim=value` of a group. */
  ADMISSION_EMAILS: list,
  ADMISSION_DOMAINS: list,
  ADMISSION_GROUP: z.optional(z.string().check(z.regex(/^[^=]+=.+$/))),
  /** The operator's own address: who signs in with it owns the first site. */
  OWNER_EMAIL: z.optional(text),
  /** The Cognito user pool, where accounts are made for who is invited. */
  USER_POOL_ID: z.optional(text),
  /** Serves batches of large audiences; without it the publishing function does. */
  BROADCAST_FUNCTION: z.optional(text),
  /** How long the record of a print is kept, days. */
  KEEP_PRINTS_DAYS: z._default(
    z.pipe(z.string().check(z.regex(/^[1-9]\d{0,4}$/)), z.transform(Number)),
    365,
  ),
  LOG_LEVEL: z._default(z.enum(['debug', 'info', 'warn', 'error']), 'info'),
})
export type Environment = z.infer<typeof environmentSchema>
export type EnvironmentName = keyof Environment

/** Variables that are missing or wrong, all at once, by name and never by value. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
  readonly code = 'bad_environment'
}

export const readEnvironment = (env: Readonly<Record<string, string | undefined>>): Environment => {
  const result = environmentSchema.safeParse(env)
  if (result.success) return result.data
  const told = result.error.issues.map(({ path, message }) => {
    const name = String(path[0])
    return env[name] === undefined ? `${name} is missing` : `${name}: ${message}`
  })
  throw new EnvironmentError(`The environment is not complete: ${told.join('; ')}.`)
}

/** The entries of a variable that holds a list. */
export const entriesOf = (value: string): string[] =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
