import * as z from 'zod'
import {
  domainNameSchema,
  emailSchema,
  fields,
  list,
  optedOut,
  optOutSchema,
  originSchema,
  protectionSchema,
  text,
  whole,
} from './config-fields.ts'
import { ConfigError, type Mistake } from './config-error.ts'
import { crossChecks } from './config-cross-checks.ts'
import { customDomainsSchema } from './domains-config.ts'
import { issuerSchema } from './issuer-config.ts'
import { retentionDays } from './retention-days.ts'

const throttle = (perSecond: number, burst: number) =>
  z.prefault(
    fields({
      perSecond: z.prefault(whole(1, 10_000, 'requests a second'), perSecond),
      burst: z.prefault(whole(1, 5_000, 'requests at once'), burst),
    }),
    {},
  )

/** A mail goes out above so many of them in a day, unless a reason says why not. */
const ceiling = (unit: string, usual: number) =>
  z.prefault(
    z.union([whole(1_000, 10_000_000_000, unit), optOutSchema], {
      error: `a whole number of ${unit} from 1000, or ${optedOut}`,
    }),
    usual,
  )

const days = `one of ${retentionDays.join(', ')} (days)`

/** Everything an operator can say. What is left out is the safe and cheap choice. */
export const configSchema = fields({
  region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-central-1'),
  /** Gets the first account, the alarms, and is the first owner. */
  ownerEmail: emailSchema,
  stackName: z.prefault(
    text(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'a letter, then up to 63 letters, digits and -'),
    'FluxRelay',
  ),
  /** Who may sign in besides the owner; a rule lets in whom it names. */
  admission: z.prefault(
    fields({
      emails: z.prefault(list(emailSchema, 'a list of e-mail addresses'), []),
      domains: z.prefault(list(domainNameSchema, 'a list of e-mail domains'), []),
      group: z.optional(
        fields({
          claim: text(/^\S+$/, 'the name of the claim that lists groups'),
          // API Gateway hands a list of groups on as `[a b c]`: in one name a blank cannot be told apart.
          value: text(/^[^\s,]+$/, 'the group that may sign in, without blanks and commas'),
        }),
      ),
    }),
    {},
  ),
  issuer: issuerSchema,
  /** Other pages that may use the relay; the viewer's own is always in. */
  origins: z.prefault(list(originSchema, 'a list of origins').max(50), []),
  customDomains: z.prefault(customDomainsSchema, {}),
  retention: z.prefault(
    fields({
      logDays: z.prefault(z.literal([...retentionDays], { error: days }), 30),
      /** Of the records of prints; events stay 90 days and temperatures 7. */
      printDays: z.prefault(whole(1, 3_650, 'days'), 365),
    }),
    {},
  ),
  throttles: z.prefault(fields({ socket: throttle(200, 400), http: throttle(50, 100) }), {}),
  /** WebSocket messages a day. */
  dailyMessageCeiling: ceiling('messages', 2_000_000),
  /** Requests to the HTTP API a day. */
  dailyRequestCeiling: ceiling('requests', 500_000),
  /** WebSocket handshakes a day, also those that are refused. */
  dailyHandshakeCeiling: ceiling('handshakes', 100_000),
  monitoring: z.prefault(
    z.enum(['none', 'basic', 'full'], { error: '"none", "basic" or "full"' }),
    'basic',
  ),
  protections: z.prefault(
    fields({
      /** `cdk destroy` leaves the directory and the users. */
      keepOnDestroy: z.prefault(protectionSchema, true),
      /** Neither can be deleted by hand without switching this off first. */
      deletionProtection: z.prefault(protectionSchema, true),
      /** The directory can be put back to any second of the last 35 days. */
      pointInTimeRecovery: z.prefault(protectionSchema, true),
      /** Accounts that others make do not come in without a rule that names them. */
      admissionRule: z.prefault(protectionSchema, true),
    }),
    {},
  ),
})

export type Config = z.infer<typeof configSchema>

/** The configuration with everything that was left out filled in; `ConfigError` tells all mistakes. */
export const parseConfig = (raw: unknown, source: string): Config => {
  const parsed = configSchema.safeParse(raw, { reportInput: true })
  const mistakes = parsed.success
    ? crossChecks(parsed.data)
    : parsed.error.issues.map((issue) => mistakeOf(issue, raw))
  if (!parsed.success || mistakes.length > 0) throw new ConfigError(source, mistakes)
  return parsed.data
}

const mistakeOf = (issue: z.core.$ZodIssue, raw: unknown): Mistake => {
  const path = issue.path.filter((step) => typeof step !== 'symbol')
  const found =
    issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : shown(valueAt(raw, path))
  return { path: pathText(path), expected: issue.message, found }
}

const pathText = (path: readonly (string | number)[]): string =>
  path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`,
    '',
  )

const valueAt = (raw: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    raw,
  )

const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  const json = JSON.stringify(value)
  return json.length > 80 ? `${json.slice(0, 77)}...` : json
}
