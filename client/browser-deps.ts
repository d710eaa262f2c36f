import type { ClientDeps, SocketLike } from './deps.ts'
import { systemClock } from './system-clock.ts'

/** The browser's WebSocket. */
export const browserSocket = (url: string, subprotocol: string): SocketLike => {
  const socket = new WebSocket(url, subprotocol)
  return {
    listen: ({ opened, said, ended }) => {
      socket.onopen = opened
      socket.onmessage = ({ data }: MessageEvent<unknown>) =>
        said(typeof data === 'string' ? data : '')
      socket.onclose = ended
    },
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    close: () => {
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close()
    },
  }
}

/** All that a client needs of a browser, but where the relay is and who is signed in. */
export const browserDeps = (): Omit<ClientDeps, 'config' | 'token'> => ({
  clock: systemClock,
  random: Math.random,
  openSocket: browserSocket,
  fetch: (url, request) => fetch(url, { ...request, cache: 'no-store', credentials: 'omit' }),
})
