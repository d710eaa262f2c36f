import { timeOuts } from '../protocol/time-outs.ts'
import type { Clock } from './deps.ts'

export interface HeartbeatDeps {
  readonly clock: Clock
  /** How long (ms) silence is expected to last at most; undefined: for ever. */
  readonly expected: () => number | undefined
  readonly ping: () => void
  /** No pong came in time. */
  readonly dead: () => void
}

export interface Heartbeat {
  /** A message came. */
  heard(): void
  pong(): void
  /** Asks now whether the link still lives, because there is reason to doubt it. */
  doubt(): void
  stop(): void
}

/** Above the declared silence: the way of a frame that was sent in its last moment. */
const grace = 2_000

/** Keeps the lease, and notices a link that died without a word (design §3.4). */
export const createHeartbeat = ({ clock, expected, ping, dead }: HeartbeatDeps): Heartbeat => {
  let heardAt = clock.monotonic()
  let pingedAt = heardAt
  let awaiting = false
  let cancel = () => {}

  const beat = () => {
    awaiting = true
    pingedAt = clock.monotonic()
    cancel()
    cancel = clock.after(timeOuts.pong, dead)
    ping()
  }
  const untilSilent = () => {
    const silence = expected()
    if (silence === undefined) return Infinity
    const patience = Math.max(timeOuts.silenceBeforePing, silence + grace)
    return Math.max(heardAt, pingedAt) + patience - clock.monotonic()
  }
  const look = () => {
    if (awaiting) return
    const due = Math.min(pingedAt + timeOuts.ping - clock.monotonic(), untilSilent())
    if (due <= 0) return beat()
    cancel()
    // What is expected can change with every frame, so it is looked at again before long.
    cancel = clock.after(Math.ceil(Math.min(due, timeOuts.silenceBeforePing)), look)
  }
  look()
  return {
    heard: () => {
      heardAt = clock.monotonic()
    },
    pong: () => {
      awaiting = false
      cancel()
      look()
    },
    doubt: () => {
      if (!awaiting) beat()
    },
    stop: () => {
      awaiting = true
      cancel()
    },
  }
}
