import type { IncomingMessage } from 'node:http'

export interface CorsConfiguration {
  /** Exact origins, or `*` alone. */
  readonly allowOrigins: readonly string[]
  readonly allowMethods: readonly string[]
  /** Lower-case names. */
  readonly allowHeaders: readonly string[]
  readonly exposeHeaders: readonly string[]
  readonly maxAgeSeconds: number
  readonly allowCredentials: boolean
}

type Headers = Record<string, string>

const listed = (name: string, values: readonly string[]): Headers =>
  values.length > 0 ? { [name]: values.join(',') } : {}

/** Names an origin in an answer; nothing for an origin that is not allowed. */
const originHeaders = (cors: CorsConfiguration, origin: string | undefined): Headers => {
  const any = cors.allowOrigins.includes('*')
  if (origin === undefined || (!any && !cors.allowOrigins.includes(origin))) return {}
  return {
    'access-control-allow-origin': any ? '*' : origin,
    // An answer for one origin must not be taken from a cache for another.
    ...(any ? {} : { vary: 'Origin' }),
    ...(cors.allowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
  }
}

/** The headers every answer to this origin carries; none for an origin that is not allowed. */
export const corsHeaders = (cors: CorsConfiguration, origin: string | undefined): Headers => {
  const named = originHeaders(cors, origin)
  if (Object.keys(named).length === 0) return {}
  return { ...named, ...listed('access-control-expose-headers', cors.exposeHeaders) }
}

export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined

/** The gateway's own answer to a preflight: no handler and no authorizer sees it. */
export const preflightHeaders = (cors: CorsConfiguration, origin: string | undefined): Headers => {
  const named = originHeaders(cors, origin)
  if (Object.keys(named).length === 0) return {}
  return {
    ...named,
    ...listed('access-control-allow-methods', cors.allowMethods),
    ...listed('access-control-allow-headers', cors.allowHeaders),
    'access-control-max-age': String(cors.maxAgeSeconds),
  }
}

/** A handler's headers with the gateway's: its CORS headers replace those of the handler. */
export const withCors = (
  headers: Readonly<Record<string, string | string[]>>,
  added: Headers,
): Record<string, string | string[]> => {
  const own = Object.entries(headers).filter(([name]) => !name.startsWith('access-control-'))
  const vary = [headers['vary'], added['vary']].filter((value) => value !== undefined).flat()
  return {
    ...Object.fromEntries(own),
    ...added,
    ...(vary.length > 0 ? { vary: vary.join(', ') } : {}),
  }
}
