import { WebSocket, type RawData } from 'ws'
import type { ClientDeps, SocketLike } from './deps.ts'
import { systemClock } from './system-clock.ts'

const textOf = (data: RawData): string =>
  Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as Buffer).toString()

/** A WebSocket of Node; `ws` also tells what a browser hides, but nothing here depends on it. */
export const nodeSocket = (url: string, subprotocol: string): SocketLike => {
  const socket = new WebSocket(url, subprotocol, { perMessageDeflate: false })
  // Without a listener a refused handshake would end the process; `close` follows and is told.
  socket.on('error', () => {})
  return {
    listen: ({ opened, said, ended }) => {
      socket.on('open', opened)
      socket.on('message', (data) => said(textOf(data)))
      socket.on('close', ended)
    },
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    close: () => {
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate()
      else socket.close()
    },
  }
}

/** All that a client needs of Node, but where the relay is and who is signed in. */
export const nodeDeps = (): Omit<ClientDeps, 'config' | 'token'> => ({
  clock: systemClock,
  random: Math.random,
  openSocket: nodeSocket,
  fetch: (url, request) => fetch(url, request),
})
