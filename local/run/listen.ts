import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { StartError } from '../errors.ts'
import { certificateRenewal, readPair } from './certificate.ts'
import type { Options } from './options.ts'

/** Slow senders of headers hold a socket no longer than this, ms. */
const headersMs = 10_000
/** Slow senders of a whole request; ours are of a few KB. */
const requestMs = 30_000
/** Sockets on which nothing moves, also before a first request; a WebSocket's clocks are its own. */
const silentMs = 60_000

export interface Listening {
  readonly server: Server
  readonly port: number
  /** Looks whether the certificate's files have changed; does nothing without TLS. */
  readonly renewCertificate: () => Promise<void>
  readonly close: () => Promise<void>
}

/** An HTTP(S) server that listens; a port or address that cannot be had is told in one line. */
export const listen = async (
  host: string,
  port: number,
  tls: Options['tls'],
): Promise<Listening> => {
  const { server, renewCertificate } = tls ? await tlsServer(tls) : plainServer()
  server.headersTimeout = headersMs
  server.requestTimeout = requestMs
  server.setTimeout(silentMs)
  server.on('request', (_request, response) => {
    // Whoever asks before the parts are put together must not be kept waiting for an answer.
    if (server.listenerCount('request') === 1)
      response.writeHead(503, { 'retry-after': '1', 'cache-control': 'no-store' }).end()
  })
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (error) {
    throw refusal(error as NodeJS.ErrnoException, host, port)
  }
  const close = async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return { server, port: (server.address() as AddressInfo).port, renewCertificate, close }
}

const plainServer = () => ({ server: createServer(), renewCertificate: async () => undefined })

const tlsServer = async (tls: NonNullable<Options['tls']>) => {
  const pair = await readPair(tls)
  const server = createTlsServer(pair)
  return { server, renewCertificate: certificateRenewal(server, tls, pair) }
}

const refusal = ({ code }: NodeJS.ErrnoException, host: string, port: number): StartError => {
  if (code === 'EADDRINUSE')
    return new StartError('port_taken', `port ${port} is taken: stop what uses it, or give --port`)
  if (code === 'EACCES')
    return new StartError('port_taken', `port ${port} needs more rights: give one above 1023`)
  return new StartError('bad_option', `--host ${host} cannot be listened on (${code ?? 'unknown'})`)
}
