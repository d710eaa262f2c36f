import type { WebSocket } from 'ws'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { Clock } from '../clock.ts'

/**
 * A ping goes out so often, ms. An idle agent says nothing for 5 minutes; proxies cut what is silent
 * for 60 s (nginx), and routers forget it without a word after some minutes.
 */
const pingEvery = 45_000

/**
 * Pings with control frames, which no handler is called for. Calls `lost` when one is not answered in
 * time. Whether every gateway answers is not documented, so only a silence after an answer counts.
 */
export const keepOpen = (
  socket: WebSocket,
  clock: Pick<Clock, 'after'>,
  lost: () => void,
): (() => void) => {
  let answers = false
  let awaited = false
  const ping = () => {
    awaited = true
    socket.ping(undefined, undefined, () => {})
    cancel = clock.after(timeOuts.pong, () => {
      if (awaited && answers) return lost()
      cancel = clock.after(pingEvery - timeOuts.pong, ping)
    })
  }
  let cancel = clock.after(pingEvery, ping)
  socket.on('pong', () => {
    answers = true
    awaited = false
  })
  socket.on('message', () => (awaited = false))
  return () => cancel()
}
