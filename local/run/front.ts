import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { refuse } from '../gateway/refuse.ts'
import { hostGuard } from './host-guard.ts'
import { unansweredGuard } from './unanswered.ts'

export type Handle = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** What stands behind the one address, each under its own paths. */
export interface Parts {
  /** Paths from `/oidc` on: the sign-in issuer. */
  readonly issuer: Handle
  /** `/v1/…` and `/healthz`: the HTTP API. */
  readonly httpApi: Handle
  /** `/metrics`; `undefined` where strangers could ask. */
  readonly metrics: Handle | undefined
  /** `/config.json`: where the viewer finds everything. */
  readonly config: Handle
  /** Everything else: the viewer's files. */
  readonly files: Handle
  /** `/ws` without a handshake: the gateway says what it wants. */
  readonly socket: (request: IncomingMessage, response: ServerResponse) => void
  /** The WebSocket gateway's handshake. */
  readonly upgrade: Upgrade
  /** Whether everything is up. */
  readonly ready: () => boolean
  readonly failed: (error: unknown) => void
}

/** One HTTP server's two listeners for all parts behind one origin. */
export const createFront = (origin: string, parts: Parts) => {
  const verdictOn = hostGuard(origin)
  const mayAsk = unansweredGuard()

  const route = (path: string): Handle => {
    if (path === '/oidc' || path.startsWith('/oidc/')) return parts.issuer
    if (path === '/healthz') return parts.ready() ? parts.httpApi : starting
    if (path.startsWith('/v1/')) return parts.httpApi
    if (path === '/metrics' && parts.metrics) return parts.metrics
    if (path === '/config.json') return parts.config
    if (path === '/ws') return parts.socket
    return parts.files
  }

  const request: Handle = async (request, response) => {
    if (!mayAsk(request, response)) return
    const verdict = verdictOn(request)
    if (verdict.kind === 'elsewhere') return say(response, 421, `Open ${origin} instead.\n`)
    if (verdict.kind === 'moved' && request.method === 'GET')
      return void response.writeHead(307, { location: `${origin}${pathOf(request)}` }).end()
    forward(request, origin)
    // The parts cut their own paths off, and know nothing of an absolute-form target.
    request.url = pathOf(request)
    try {
      await route(request.url.split(/[?#]/, 1)[0] ?? '/')(request, response)
    } catch (error) {
      parts.failed(error)
      if (response.headersSent) response.destroy()
      else say(response, 500, 'A fault in the relay; its log tells more.\n')
    }
  }

  const upgrade: Upgrade = (request, socket, head) => {
    if (verdictOn(request).kind === 'ours') return parts.upgrade(request, socket, head)
    // Node gives the raw socket away without a listener: a reset would end the whole process.
    socket.on('error', () => socket.destroy())
    refuse(socket, 421, { message: `Open ${origin} instead.` })
  }

  return { request, upgrade }
}

/** The path and query; an absolute-form target (RFC 9112 §3.2.2) is cut to them. */
const pathOf = ({ url = '/' }: IncomingMessage): string => {
  if (url.startsWith('/') && !url.startsWith('//')) return url
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed ? parsed.pathname + parsed.search : '/'
}

/** Behind a proxy only the configured origin says what browsers see; forged headers do not. */
const forward = (request: IncomingMessage, origin: string): void => {
  const { protocol, host } = new URL(origin)
  for (const name of Object.keys(request.headers))
    if (name === 'forwarded' || name.startsWith('x-forwarded-')) delete request.headers[name]
  request.headers['x-forwarded-proto'] = protocol.slice(0, -1)
  request.headers['x-forwarded-host'] = host
}

const starting: Handle = (_request, response) =>
  void response
    .writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' })
    .end('{"ok":false}')

const say = (response: ServerResponse, status: number, text: string): void =>
  void response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    })
    .end(text)
