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
  'sites',
  'people',
  'sessions',
  'pairing',
  'pairing-redeem',
  'shares',
  'shares-redeem',
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

/**
 * Who may call a route. `person`: signed in, which the JWT authorizer sees to. `guest`: with the
 * token of a share link, which the entry checks. `secret`: whoever holds the code or link that the
 * body carries; tries are limited. `anyone`: says nothing about anything.
 */
export type Access = 'person' | 'guest' | 'secret' | 'anyone'

interface HttpRoute {
  readonly method: 'GET' | 'POST'
  /** As API Gateway writes it, with `{id}` for a parameter. */
  readonly path: string
  readonly entry: EntryName
  readonly access: Access
}

/** The routes of the HTTP API. */
export const httpRoutes = [
  { method: 'GET', path: '/v1/printers', entry: 'printers', access: 'person' },
  { method: 'GET', path: '/v1/printers/{id}', entry: 'printer', access: 'person' },
  { method: 'GET', path: '/v1/printers/{id}/events', entry: 'events', access: 'person' },
  { method: 'GET', path: '/v1/printers/{id}/history', entry: 'history', access: 'person' },
  { method: 'GET', path: '/v1/printers/{id}/prints', entry: 'prints', access: 'person' },
  { method: 'POST', path: '/v1/tickets', entry: 'tickets', access: 'person' },
  { method: 'GET', path: '/v1/guest/printers', entry: 'printers', access: 'guest' },
  { method: 'GET', path: '/v1/guest/printers/{id}', entry: 'printer', access: 'guest' },
  { method: 'GET', path: '/v1/guest/printers/{id}/events', entry: 'events', access: 'guest' },
  { method: 'GET', path: '/v1/guest/printers/{id}/history', entry: 'history', access: 'guest' },
  { method: 'GET', path: '/v1/guest/printers/{id}/prints', entry: 'prints', access: 'guest' },
  { method: 'POST', path: '/v1/guest/tickets', entry: 'tickets', access: 'guest' },
  { method: 'GET', path: '/v1/sites', entry: 'sites', access: 'person' },
  { method: 'GET', path: '/v1/sites/{id}', entry: 'sites', access: 'person' },
  { method: 'GET', path: '/v1/sites/{id}/audit', entry: 'sites', access: 'person' },
  { method: 'POST', path: '/v1/sites/{id}/name', entry: 'people', access: 'person' },
  { method: 'POST', path: '/v1/sites/{id}/people/role', entry: 'people', access: 'person' },
  { method: 'POST', path: '/v1/sites/{id}/people/remove', entry: 'people', access: 'person' },
  { method: 'POST', path: '/v1/sites/{id}/leave', entry: 'people', access: 'person' },
  { method: 'POST', path: '/v1/printers/{id}/leave', entry: 'people', access: 'person' },
  { method: 'POST', path: '/v1/sites/{id}/invitations', entry: 'people', access: 'person' },
  {
    method: 'POST',
    path: '/v1/sites/{id}/invitations/withdraw',
    entry: 'people',
    access: 'person',
  },
  { method: 'POST', path: '/v1/invitations/look', entry: 'people', access: 'person' },
  { method: 'POST', path: '/v1/invitations/accept', entry: 'people', access: 'person' },
  { method: 'POST', path: '/v1/sessions/end', entry: 'sessions', access: 'person' },
  { method: 'POST', path: '/v1/sites/{id}/pairing', entry: 'pairing', access: 'person' },
  { method: 'POST', path: '/v1/printers/{id}/pairing', entry: 'pairing', access: 'person' },
  { method: 'POST', path: '/v1/printers/{id}/name', entry: 'pairing', access: 'person' },
  { method: 'POST', path: '/v1/printers/{id}/remove', entry: 'pairing', access: 'person' },
  { method: 'POST', path: '/v1/printers/{id}/tokens/revoke', entry: 'pairing', access: 'person' },
  { method: 'POST', path: '/v1/pairing/redeem', entry: 'pairing-redeem', access: 'secret' },
  { method: 'POST', path: '/v1/sites/{id}/shares', entry: 'shares', access: 'person' },
  { method: 'POST', path: '/v1/sites/{id}/shares/revoke', entry: 'shares', access: 'person' },
  { method: 'POST', path: '/v1/shares/redeem', entry: 'shares-redeem', access: 'secret' },
  { method: 'GET', path: '/healthz', entry: 'healthz', access: 'anyone' },
] as const satisfies readonly HttpRoute[]

type Route = (typeof httpRoutes)[number]
type KeyOf<R> = R extends { method: infer M extends string; path: infer P extends string }
  ? `${M} ${P}`
  : never
/** The routes that lead to one entry: `GET /v1/printers/{id}`, as API Gateway names them in its events. */
export type RouteKeyOf<Entry extends Route['entry']> = KeyOf<Extract<Route, { entry: Entry }>>

/** The entry that decides who may open a WebSocket. */
export const authorizerEntry = 'authorizer' satisfies EntryName
/** The entry that serves a batch of a large audience, invoked asynchronously by others. */
export const broadcastEntry = 'broadcast' satisfies EntryName
/** The entry that Cognito calls before it makes tokens; only where the user pool is ours. */
export const tokenEntry = 'token-claims' satisfies EntryName
