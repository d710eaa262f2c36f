import type { EnvironmentName } from '../functions/env.ts'
import type { Config } from './config.ts'

export interface EnvironmentParts {
  readonly liveTable: string
  readonly directoryTable: string
  /** The stage's callback URL, also with a custom domain: an event's domain name would be wrong. */
  readonly gatewayEndpoint: string
  readonly viewerOrigin: string
  readonly config: Config
}

/** What every function is told, but for the name of `broadcast`, which only its invokers get. */
export const relayEnvironment = ({
  liveTable,
  directoryTable,
  gatewayEndpoint,
  viewerOrigin,
  config,
}: EnvironmentParts) => {
  const { emails, domains, group } = admissionOf(config)
  return {
    LIVE_TABLE: liveTable,
    DIRECTORY_TABLE: directoryTable,
    GATEWAY_ENDPOINT: gatewayEndpoint,
    ALLOWED_ORIGINS: [viewerOrigin, ...config.origins].join(','),
    ADMISSION_EMAILS: emails.join(','),
    ADMISSION_DOMAINS: domains.join(','),
    ...(group && { ADMISSION_GROUP: `${group.claim}=${group.value}` }),
    OWNER_EMAIL: config.ownerEmail,
    KEEP_PRINTS_DAYS: String(config.retention.printDays),
    LOG_LEVEL: 'info',
  } satisfies Partial<Record<EnvironmentName, string>>
}

/** Only the invokers' environment has it: a function must not wait for its own name. */
export const broadcastVariable = 'BROADCAST_FUNCTION' satisfies EnvironmentName
/** Only those that do something to accounts have it. */
export const userPoolVariable = 'USER_POOL_ID' satisfies EnvironmentName

/** No rule lets in all whom the issuer knows; with one, the owner is always let in. */
const admissionOf = ({ admission, ownerEmail }: Config) => ({
  ...admission,
  emails:
    admission.emails.length + admission.domains.length > 0 || admission.group
      ? [...new Set([ownerEmail, ...admission.emails])]
      : [],
})
