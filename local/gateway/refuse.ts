import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Ends a handshake with a plain HTTP answer; the client has no other way to learn why. */
export const refuse = (socket: Duplex, status: number, body: Record<string, string>): void => {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
}
