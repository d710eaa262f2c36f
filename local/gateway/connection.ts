import type { WebSocket } from 'ws'
import { endings, endingOfClose, endingOfError, type Ending } from './endings.ts'
import type { ConnectionFacts } from './events.ts'
import { createIntake } from './intake.ts'
import type { Lane } from './lane.ts'
import type { GatewayLimits } from './limits.ts'
import type { Timers } from './timers.ts'

export interface Connection {
  readonly facts: ConnectionFacts
  lastActiveAt(): number
  /** Bytes given to the socket that its client has not taken yet. */
  unsentBytes(): number
  /** Sends a handler's post, as the faults of the moment have it. */
  post(payload: Buffer): void
  /** Sends a frame of the gateway's own. */
  reply(frame: Record<string, string>): void
  /** Ends it from the gateway's side; from now on it is gone for everybody. */
  end(ending: Ending): void
  /** Works on one message of the client, when its turn comes. */
  work(run: () => Promise<void>): Promise<void>
  /** Resolves when the socket is closed. */
  readonly closed: Promise<void>
}

export interface ConnectionDeps {
  readonly socket: WebSocket
  readonly facts: ConnectionFacts
  readonly limits: GatewayLimits
  readonly timers: Timers
  readonly now: () => number
  readonly posts: Lane
  readonly onMessage: (connection: Connection, text: string) => void
  /** Called once, when the connection begins to end, whoever ends it. */
  readonly onEnd: (connection: Connection, ending: Ending) => void
}

/** Calls `expire` when `quietMs` have passed since the latest `lastDataAt()`; answers a cancel. */
const watchIdle = (
  { limits, timers, now }: ConnectionDeps,
  lastDataAt: () => number,
  expire: () => void,
): (() => void) => {
  let cancel = () => {}
  // One timer that looks again, instead of one anew for each message.
  const look = () => {
    const leftMs = lastDataAt() + limits.idleMs - now()
    if (leftMs <= 0) expire()
    else cancel = timers.after(leftMs, look)
  }
  look()
  return () => cancel()
}

/** Takes over an accepted socket: its limits, its clocks, its one end. */
export const openConnection = (deps: ConnectionDeps): Connection => {
  const { socket, facts, limits, timers, now } = deps
  let ended = false
  let lastDataAt = now()
  let lastActiveAt = lastDataAt
  let cancelCut = () => {}

  const finish = (ending: Ending) => {
    if (ended) return
    ended = true
    stopIdle()
    stopLifetime()
    deps.onEnd(connection, ending)
  }

  const send = (payload: Buffer) => {
    if (socket.readyState !== socket.OPEN) return
    lastActiveAt = now()
    socket.send(payload, { binary: false })
  }

  const intake = createIntake({
    atOnce: limits.messagesAtOnce,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  })

  const connection: Connection = {
    facts,
    lastActiveAt: () => lastActiveAt,
    unsentBytes: () => socket.bufferedAmount,
    post: (payload) => deps.posts.pass(() => send(payload)),
    reply: (frame) => send(Buffer.from(JSON.stringify(frame))),
    end(ending) {
      if (ended) return
      finish(ending)
      socket.close(ending.code, ending.reason)
      cancelCut = timers.after(limits.closeGraceMs, () => socket.terminate())
    },
    work: (run) => intake.run(run),
    closed: new Promise((resolve) => {
      socket.once('close', () => {
        cancelCut()
        resolve()
      })
    }),
  }

  // Only the client's data keeps a connection: whether pings or posts do is not documented, and
  // what survives the strict reading survives the mild one.
  const stopIdle = watchIdle(
    deps,
    () => lastDataAt,
    () => connection.end(endings.goingAway),
  )
  const stopLifetime = timers.after(limits.lifetimeMs, () => connection.end(endings.goingAway))

  socket.on('message', (data: Buffer, isBinary) => {
    if (ended) return
    if (isBinary) {
      connection.end(endings.binary)
      return
    }
    lastDataAt = lastActiveAt = now()
    deps.onMessage(connection, data.toString('utf8'))
  })
  socket.on('error', (error) => finish(endingOfError(error)))
  socket.on('close', (code, reason) => finish(endingOfClose(code, reason.toString('utf8'))))
  return connection
}
