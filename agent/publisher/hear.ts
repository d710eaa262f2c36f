import type { Welcome } from '../../protocol/welcome.ts'
import type { RelayToAgent } from '../../protocol/relay-to-agent.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import type { ErrorFrame } from '../../protocol/error-frame.ts'
import type { Closing } from '../../protocol/closing.ts'
import { answered } from './answered.ts'
import { andThen, nothing, type Effect, type Turn } from './effect.ts'
import type { Line, Terms } from './line.ts'
import { sendHello } from './send.ts'

/** A raise waits so long (ms) for a fresh reading; an OctoPrint that hangs must not hold it up. */
export const freshWait = 300

/** The relay said something. */
export const hear = (
  line: Line,
  terms: Terms,
  { at, state }: { at: number; state: PrinterState },
  frame: RelayToAgent,
): Turn => {
  switch (frame.type) {
    case 'welcome':
      return alsoSay(taken(line, at, frame), { type: 'welcomed' })
    case 'ack':
      return taken(line, at, frame)
    case 'demand':
      return called({ ...line, pace: frame.interval }, at)
    case 'resync':
      // As soon as something may be sent again: without a keyframe that is a hello.
      if (at < line.heldUntil) return nothing({ ...line, key: undefined })
      // The hello on its way answers it too; each one answered anew would make two of every one.
      return line.greeting ? nothing(line) : sendHello(line, terms, at, state)
    case 'redial':
      return { line, effects: [{ type: 'redial', why: 'the relay asks for a new connection' }] }
    case 'closing':
      return { line, effects: [effectOf(frame)] }
    case 'error':
      return refused(line, at, frame)
    default:
      return frame satisfies never
  }
}

const taken = (line: Line, at: number, frame: Omit<Welcome, 'type'>): Turn =>
  andThen(answered(line, frame), (one) => acknowledge(one, at, frame))

/** Only the newest keyframe's own seq acknowledges it (design §3.1); any answers older asks. */
const acknowledge = (
  line: Line,
  at: number,
  { seq, viewers, interval }: Omit<Welcome, 'type'>,
): Turn => {
  if (seq > line.seq) return nothing(line)
  const isKey = line.key?.seq === seq
  const heard: Line = {
    ...line,
    pace: interval,
    asks: line.asks.filter((ask) => ask.seq > seq),
    key: line.key && isKey ? { ...line.key, acknowledged: true } : line.key,
    greeting: isKey ? undefined : line.greeting,
  }
  if (viewers === 0) return nothing(confirmIdle(heard, seq, at))
  if (heard.attention.mode === 'watched') return nothing({ ...heard, quietSince: undefined })
  return called(heard, at)
}

/** Idle only when an answer to the declaration, or to a later frame, says that nobody watches. */
const confirmIdle = (line: Line, seq: number, at: number): Line => {
  const { attention } = line
  const confirmed =
    attention.mode === 'lowering' && attention.since !== undefined && seq >= attention.since
  return {
    ...line,
    quietSince: line.quietSince ?? at,
    attention: confirmed ? { mode: 'idle' } : attention,
  }
}

/** Somebody watches: a frame that says `watched` goes out at once, with a fresh reading. */
const called = (line: Line, at: number): Turn => ({
  line: {
    ...line,
    attention: { mode: 'watched' },
    quietSince: undefined,
    owed: {
      by: Math.min(line.owed?.by ?? Infinity, at + freshWait),
      urgent: line.owed?.urgent === true || line.attention.mode !== 'watched',
    },
  },
  effects: [{ type: 'refresh' }],
})

const effectOf = (frame: Closing): Effect => {
  switch (frame.reason) {
    case 'superseded':
      return { type: 'superseded', by: frame.by }
    case 'token_revoked':
      return { type: 'revoked' }
    case 'replaced':
    case 'access_revoked':
    case 'signed_out':
    case 'session_expired':
    case 'going_away':
      return { type: 'redial', why: `the relay ends the connection: ${frame.reason}` }
    default:
      return frame.reason satisfies never
  }
}

/** An unknown connection cannot be mended; all else is told and the next frame may do better. */
const refused = (line: Line, at: number, { code, message, retryAfter }: ErrorFrame): Turn => ({
  line: code === 'rate_limited' ? held(line, at + (retryAfter ?? retryUnsaid)) : line,
  effects: [
    code === 'unknown_connection'
      ? { type: 'redial', why: 'the relay does not know the connection' }
      : { type: 'complain', code, message },
  ],
})

/** A refused frame that does not say when to try again, ms. */
const retryUnsaid = 5000

/** Nothing goes out until then; what goes first is the newest state, with the events of its turn. */
const held = (line: Line, until: number): Line => ({
  ...line,
  heldUntil: Math.max(line.heldUntil, until),
  owed: { by: until, urgent: true },
})

const alsoSay = (turn: Turn, effect: Effect): Turn => ({
  ...turn,
  effects: [...turn.effects, effect],
})
