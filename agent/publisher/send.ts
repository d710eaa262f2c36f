import { changedFields, patchOf } from '../../protocol/delta.ts'
import type { AgentToRelay } from '../../protocol/agent-to-relay.ts'
import type { Mode } from '../../protocol/mode.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { framesBetweenAcks, timeOuts } from '../../protocol/time-outs.ts'
import { jsonBytes } from './budget.ts'
import type { Effect, Turn } from './effect.ts'
import type { Line, Terms } from './line.ts'
import { silenceOf } from './silence.ts'

/** What a frame says of the mode: idle from the declaration on, confirmed or not. */
export const declared = ({ attention }: Line): Mode =>
  attention.mode === 'watched' ? 'watched' : 'idle'

/** Takes the printer over; a keyframe. The relay sets the mode to watched with it, so do we. */
export const sendHello = (line: Line, terms: Terms, at: number, state: PrinterState): Turn => {
  const seq = line.seq + 1
  const sent = (line.greeting?.sent ?? 0) + 1
  const { instance, version, fresh } = terms
  const interval = silenceOf('watched', state)
  return sending(
    {
      ...keyed({ ...line, attention: { mode: 'watched' }, quietSince: undefined }, seq, at, state),
      greeting: { sent, at },
    },
    { action: 'hello', instance, fresh, seq, version, agentNow: whole(at), interval, state },
    { at, state, asks: true },
  )
}

/** The whole state under a new seq; deltas build on it once it is acknowledged. */
export const sendKeyframe = (line: Line, at: number, state: PrinterState): Turn => {
  const seq = line.seq + 1
  const mode = declared(line)
  const interval = silenceOf(mode, state)
  return sending(
    keyed(line, seq, at, state),
    {
      action: 'publish',
      seq,
      full: state,
      mode,
      interval,
      agentNow: whole(at),
      ack: true,
    },
    { at, state, asks: true },
  )
}

/** The present value of every field touched since the acknowledged keyframe `k`. */
export const sendDelta = (
  line: Line,
  at: number,
  state: PrinterState,
  { k, mustAsk }: { k: number; mustAsk: boolean },
): Turn => {
  const seq = line.seq + 1
  const mode = declared(line)
  const asks =
    mustAsk ||
    line.framesSinceAsk + 1 >= framesBetweenAcks ||
    at - line.askedAt >= timeOuts.ackEvery
  const touched = touchedBy(line, state)
  return sending(
    { ...line, touched },
    {
      action: 'publish',
      seq,
      k,
      patch: patchOf(state, touched),
      mode,
      interval: silenceOf(mode, state),
      agentNow: whole(at),
      ...(asks && { ack: true }),
    },
    { at, state, asks },
  )
}

export const touchedBy = (line: Line, state: PrinterState): ReadonlySet<string> =>
  new Set([...line.touched, ...changedFields(line.sent, state)])

const keyed = (line: Line, seq: number, at: number, state: PrinterState): Line => ({
  ...line,
  key: { seq, at, bytes: jsonBytes(state), acknowledged: false },
  touched: new Set(),
})

/** What every state frame does to the line. */
const sending = (
  line: Line,
  frame: AgentToRelay,
  { at, state, asks }: { at: number; state: PrinterState; asks: boolean },
): Turn => {
  const { seq } = frame
  const effect: Effect = { type: 'send', frame }
  const { attention } = line
  return {
    line: {
      ...line,
      seq,
      sent: state,
      sentAt: at,
      owed: undefined,
      asks: asks ? [...line.asks, { seq, at, readsLog: false }] : line.asks,
      askedAt: asks ? at : line.askedAt,
      framesSinceAsk: asks ? 0 : line.framesSinceAsk + 1,
      attention:
        attention.mode === 'lowering' && attention.since === undefined
          ? { mode: 'lowering', since: seq }
          : attention,
    },
    effects: [effect],
  }
}

const whole = (at: number): number => Math.max(0, Math.floor(at))
