import { once } from 'node:events'
import { WebSocket, type ClientOptions } from 'ws'
import { Inbox } from './inbox.ts'

export interface Closed {
  readonly code: number
  readonly reason: string
}

/** A real WebSocket client with its frames in an inbox. */
export interface Client {
  readonly socket: WebSocket
  readonly frames: Inbox<string>
  readonly closed: Promise<Closed>
  say(value: unknown): void
}

const wrap = (socket: WebSocket): Client => {
  const frames = new Inbox<string>()
  socket.on('message', (data: Buffer) => frames.put(data.toString('utf8')))
  socket.on('error', () => undefined)
  return {
    socket,
    frames,
    closed: new Promise((resolve) =>
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') })),
    ),
    say: (value) => socket.send(typeof value === 'string' ? value : JSON.stringify(value)),
  }
}

export interface OpenOptions extends ClientOptions {
  readonly protocols?: string[]
}

/** Opens a connection and resolves when it is open. */
export const openClient = async (url: string, options: OpenOptions = {}): Promise<Client> => {
  const { protocols = [], ...rest } = options
  const client = wrap(new WebSocket(url, protocols, rest))
  await once(client.socket, 'open')
  return client
}

/** Tries to open a connection and resolves with the HTTP status it is refused with. */
export const refusalOf = (url: string, options: OpenOptions = {}): Promise<number> => {
  const { protocols = [], ...rest } = options
  const socket = new WebSocket(url, protocols, rest)
  socket.on('error', () => undefined)
  return new Promise((resolve, reject) => {
    socket.once('open', () => reject(new TypeError('the handshake was accepted')))
    socket.once('unexpected-response', (_request, response) => {
      response.resume()
      socket.terminate()
      resolve(response.statusCode ?? 0)
    })
  })
}
