import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Browsers, proxies and our own clients wait for the answer before they ask on the same connection. */
const most = 8

/**
 * Whether a request may be looked at. Node hands out all requests that one connection pipelines,
 * answered or not; so without this a single stranger has thousands worked on at once, and everybody
 * else waits. A connection with too many unanswered requests is ended.
 */
export const unansweredGuard = () => {
  const unanswered = new WeakMap<Socket, number>()
  const add = (socket: Socket, change: number): number => {
    const count = (unanswered.get(socket) ?? 0) + change
    unanswered.set(socket, count)
    return count
  }
  return ({ socket }: IncomingMessage, response: ServerResponse): boolean => {
    // What was read in one go with the last straw still comes after the end.
    if (socket.destroyed) return false
    if (add(socket, 1) > most) {
      socket.destroy()
      return false
    }
    response.once('close', () => add(socket, -1))
    return true
  }
}
