export interface Setting {
  readonly path: `${string}.${string}`
  readonly env: string
  readonly flag: string
  readonly kind: 'text' | 'number'
  readonly help: string
}

/** Every setting and its three names. Help, documents and the reading of settings use this table. */
export const settings: readonly Setting[] = [
  {
    path: 'relay.url',
    env: 'FLUXRELAY_URL',
    flag: '--relay <url>',
    kind: 'text',
    help: 'address of the relay, wss://…',
  },
  {
    path: 'relay.token',
    env: 'FLUXRELAY_TOKEN',
    flag: '--token <token>',
    kind: 'text',
    help: 'token of the printer, frp_… (other users of this machine can see flags: prefer the file)',
  },
  {
    path: 'relay.lowerAfter',
    env: 'FLUXRELAY_LOWER_AFTER',
    flag: '--lower-after <ms>',
    kind: 'number',
    help: 'stop sending so long after the last viewer (60000)',
  },
  {
    path: 'octoprint.url',
    env: 'OCTOPRINT_URL',
    flag: '--octoprint <url>',
    kind: 'text',
    help: 'address of OctoPrint, http://…',
  },
  {
    path: 'octoprint.apiKey',
    env: 'OCTOPRINT_API_KEY',
    flag: '--api-key <key>',
    kind: 'text',
    help: 'API key of a read-only OctoPrint user (prefer the file)',
  },
  {
    path: 'intervals.status',
    env: 'FLUXRELAY_STATUS_INTERVAL',
    flag: '--status-interval <ms>',
    kind: 'number',
    help: 'read the status so often (5000)',
  },
  {
    path: 'intervals.temperature',
    env: 'FLUXRELAY_TEMPERATURE_INTERVAL',
    flag: '--temperature-interval <ms>',
    kind: 'number',
    help: 'read the temperatures so often (2000)',
  },
  {
    path: 'intervals.progress',
    env: 'FLUXRELAY_PROGRESS_INTERVAL',
    flag: '--progress-interval <ms>',
    kind: 'number',
    help: 'read the progress so often (1000)',
  },
  {
    path: 'outbox.folder',
    env: 'FLUXRELAY_OUTBOX',
    flag: '--outbox <folder>',
    kind: 'text',
    help: 'keep events and history in this folder until the relay has them',
  },
  {
    path: 'log.level',
    env: 'FLUXRELAY_LOG_LEVEL',
    flag: '--log-level <level>',
    kind: 'text',
    help: 'debug, info, warn or error (info)',
  },
]

/** Names the settings file itself. */
export const fileSetting = { env: 'FLUXRELAY_CONFIG', flag: '--config <file>' } as const

/** The long name of a flag, without its value. */
export const flagName = (flag: string): string => flag.split(' ')[0] ?? flag

/** The key under which commander stores a flag: `--api-key` → `apiKey`. */
export const flagKey = (flag: string): string =>
  flagName(flag)
    .slice(2)
    .replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
