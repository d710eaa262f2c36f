import { once } from 'node:events'
import { connect } from 'node:net'

export interface RawAnswer {
  /** Of each answer, in order; none when the connection was ended without one. */
  readonly statuses: readonly number[]
  readonly text: string
}

/** A server may wait for the rest of what was announced; after this, ms, it learns none comes. */
const patienceMs = 250

/** Sends bytes as they are over a connection of its own and reads all that comes back. */
export const shoot = async (port: number, text: string): Promise<RawAnswer> => {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const chunks: Buffer[] = []
  const closed = once(socket, 'close')
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.once('end', () => socket.destroy())
  socket.setTimeout(patienceMs, () => socket.end())
  socket.write(Buffer.from(text, 'latin1'))
  await closed
  const answer = Buffer.concat(chunks).toString('latin1')
  const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  return { statuses, text: answer }
}
