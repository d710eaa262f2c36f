import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export const upgradeText = (path = '/ws', extra: readonly string[] = []): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...extra,
    '\r\n',
  ].join('\r\n')

/** A bare TCP connection that has sent this text. */
export const rawSocket = async (port: number, text: string | Buffer): Promise<Socket> => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

/** All that comes until the other side ends. */
export const readAll = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'end')
  socket.destroy()
  return Buffer.concat(chunks).toString('latin1')
}

/** A bare socket that has been upgraded; what it says next are frames of its own making. */
export const rawUpgraded = async (port: number): Promise<Socket> => {
  const socket = await rawSocket(port, upgradeText())
  await once(socket, 'data')
  return socket
}

const sizeBytes = (length: number): Buffer => {
  if (length < 126) return Buffer.from([0x80 | length])
  const sized = Buffer.alloc(length < 65_536 ? 3 : 9)
  sized[0] = 0x80 | (length < 65_536 ? 126 : 127)
  if (length < 65_536) sized.writeUInt16BE(length, 1)
  else sized.writeBigUInt64BE(BigInt(length), 1)
  return sized
}

/** The header of a client's frame that announces `length` bytes, its mask all zeros. */
export const frameHeader = (length: number, first = 0x81): Buffer =>
  Buffer.concat([Buffer.from([first]), sizeBytes(length), Buffer.alloc(4)])

export const frame = (payload: string | Buffer, first = 0x81): Buffer =>
  Buffer.concat([frameHeader(Buffer.byteLength(payload), first), Buffer.from(payload)])
