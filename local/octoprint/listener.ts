import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { VirtualOctoPrintError } from './errors.ts'

export interface Listener {
  /** Listens; the second time on the port of the first. Returns the URL. */
  listen: () => Promise<string>
  /** Ends every connection and listens no more. */
  close: () => Promise<void>
  url: () => string
}

/** A server that can be taken down and brought back at one address. */
export const createListener = (
  { host, port }: { host: string; port: number },
  onRequest: RequestListener,
): Listener => {
  let server: Server | undefined
  let boundPort = port
  const url = () => {
    if (boundPort === 0) {
      throw new VirtualOctoPrintError('cannot-listen', 'There is no URL before listen().')
    }
    return `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`
  }
  return {
    url,
    listen: async () => {
      if (server !== undefined) return url()
      // OctoPrint's server lets idle connections be; Node's five seconds would cut slow pollers.
      const fresh = createServer({ keepAliveTimeout: 3_600_000 }, onRequest)
      try {
        fresh.listen(boundPort, host)
        await once(fresh, 'listening')
      } catch (error) {
        throw cannotListen(host, boundPort, error)
      }
      const address = fresh.address()
      if (typeof address === 'object' && address !== null) boundPort = address.port
      server = fresh
      return url()
    },
    close: async () => {
      const closing = server
      server = undefined
      if (closing === undefined) return
      const closed = once(closing, 'close')
      closing.close()
      closing.closeAllConnections()
      await closed
    },
  }
}

const cannotListen = (host: string, port: number, error: unknown): VirtualOctoPrintError => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return code === 'EADDRINUSE'
    ? new VirtualOctoPrintError(
        'port-taken',
        `Port ${port} on ${host} is taken. Choose another with --port.`,
        error,
      )
    : new VirtualOctoPrintError(
        'cannot-listen',
        `Cannot listen on ${host}:${port} (${code}). Choose another address or port.`,
        error,
      )
}
