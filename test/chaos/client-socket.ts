import { WebSocket } from 'ws'
import type { Ended } from '../../agent/uplink/dial.ts'
import { subprotocol } from '../../protocol/version.ts'
import type { Handshake } from './gateway.ts'

export interface ClientSocketDeps {
  readonly url: string
  /** Tells the handshakes apart. */
  readonly name: string
  readonly handshake: Handshake
  readonly opened: () => void
  readonly said: (text: string) => void
  /** Once, however it ends. */
  readonly ended: (how: Ended) => void
}

/** A real socket, with ways to wait until what was sent through it has arrived. */
export interface ClientSocket {
  send(text: string): void
  close(): void
  /** The network is gone, without a word. */
  cut(): void
  /** Resolves when all that either side has sent by now has come to the other, or it is over. */
  flushed(): Promise<void>
  readonly over: boolean
}

export const clientSocket = (deps: ClientSocketDeps): ClientSocket => {
  const { authorization, ticket } = deps.handshake
  const query = ticket === undefined ? '' : `?${new URLSearchParams({ ticket }).toString()}`
  const socket = new WebSocket(deps.url + query, [subprotocol], {
    perMessageDeflate: false,
    headers: { 'user-agent': deps.name, ...(authorization !== undefined && { authorization }) },
  })
  /** Who waits for a pong, in order. */
  const waiting: (() => void)[] = []
  let over = false
  const end = (how: Ended) => {
    if (over) return
    over = true
    for (const resolve of waiting.splice(0)) resolve()
    deps.ended(how)
  }
  socket.on('open', deps.opened)
  socket.on('message', (data: Buffer) => deps.said(data.toString('utf8')))
  socket.on('pong', () => waiting.shift()?.())
  socket.on('close', (code) => end({ kind: 'closed', code }))
  socket.on('error', ({ message }) => {
    if (socket.readyState === socket.CONNECTING) end({ kind: 'failed', code: message })
  })
  socket.on('unexpected-response', (_request, response) => {
    response.resume()
    end({ kind: 'refused', status: response.statusCode ?? 0 })
    socket.terminate()
  })
  return {
    send: (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text)
    },
    close: () => socket.close(1000),
    cut: () => socket.terminate(),
    flushed: () =>
      new Promise<void>((resolve) => {
        if (over || socket.readyState === socket.CONNECTING) return resolve()
        waiting.push(resolve)
        // A socket that closes answers no more, and soon tells its end.
        if (socket.readyState === socket.OPEN) socket.ping()
      }),
    get over() {
      return over
    },
  }
}
