/** Every Lambda: its name is the name of its entry file, `functions/<name>.ts`. */
export const entryNames = [
  'authorizer',
  'connect',
  'disconnect',
  'default',
  'agent-message',
  'viewer-message',
  'printers',
  'printer',
  'events',
  'history',
  'prints',
  'tickets',
  'healthz',
  'broadcast',
  'watchdog',
  'token-claims',
] as const
export type EntryName = (typeof entryNames)[number]

/** The routes of the WebSocket API, by route key: the `action` of a client's frame. */
export const socketRoutes = {
  $connect: 'connect',
  $disconnect: 'disconnect',
  $default: 'default',
  hello: 'agent-message',
  publish: 'agent-message',
  subscribe: 'viewer-message',
  unsubscribe: 'viewer-message',
  sync: 'viewer-message',
  renew: 'viewer-message',
  ping: 'viewer-message',
} as const satisfies Record<string, EntryName>

interface HttpRoute {
  readonly method: 'GET' | 'POST'
  /** As API Gateway writes it, with `{id}` for a parameter. */
  readonly path: string
  readonly entry: EntryName
  /** Whether the JWT authorizer stands before it. */
  readonly signedIn: boolean
}

/** The routes of the HTTP API. */
export const httpRoutes = [
  { method: 'GET', path: '/v1/printers', entry: 'printers', signedIn: true },
  { method: 'GET', path: '/v1/printers/{id}', entry: 'printer', signedIn: true },
  { method: 'GET', path: '/v1/printers/{id}/events', entry: 'events', signedIn: true },
  { method: 'GET', path: '/v1/printers/{id}/history', entry: 'history', signedIn: true },
  { method: 'GET', path: '/v1/printers/{id}/prints', entry: 'prints', signedIn: true },
  { method: 'POST', path: '/v1/tickets', entry: 'tickets', signedIn: true },
  { method: 'GET', path: '/healthz', entry: 'healthz', signedIn: false },
] as const satisfies readonly HttpRoute[]

/** The entry that decides who may open a WebSocket. */
export const authorizerEntry = 'authorizer' satisfies EntryName
/** The entry that serves a batch of a large audience, invoked asynchronously by others. */
export const broadcastEntry = 'broadcast' satisfies EntryName
/** The entry that a schedule calls every `deployment.watchdogEveryMs`. */
export const watchdogEntry = 'watchdog' satisfies EntryName
/** The entry that Cognito calls before it makes tokens; only where the admission rule needs it. */
export const tokenEntry = 'token-claims' satisfies EntryName
