import type { HistoryChunk } from '../../protocol/history-chunk.ts'
import type { SentChunk } from '../history/waiting-chunk.ts'
import { limits } from '../../protocol/limits.ts'
import type { SentEvent } from '../../protocol/printer-event.ts'
import type { Publish } from '../../protocol/publish.ts'
import { jsonBytes } from './budget.ts'
import { eventsDueAt, takesHistory, type Cargo } from './cargo.ts'
import type { Effect, Turn } from './effect.ts'
import type { Line } from './line.ts'

interface Load {
  readonly at: number
  readonly cargo: Cargo
  /** The frame goes out because the declared silence is over. */
  readonly keepsAlive: boolean
}

/** Puts the events that are due, and a chunk of history, on the frame that goes out. */
export const loaded = (before: Line, load: Load, turn: Turn): Turn => {
  const index = turn.effects.findIndex(
    (effect) => effect.type === 'send' && effect.frame.action === 'publish',
  )
  const effect = turn.effects[index]
  if (effect?.type !== 'send' || effect.frame.action !== 'publish') return turn
  const events = areDue(load, before) ? load.cargo.events : []
  const history = takesHistory(before, load.cargo, load) ? load.cargo.history() : undefined
  if (events.length === 0 && !history) return turn
  const frame = packed(effect.frame, events, history)
  const effects: Effect[] = [...turn.effects]
  effects.splice(index, 1, { type: 'offered' }, { type: 'send', frame })
  return { line: noted(turn.line, before, load.at, frame), effects }
}

const areDue = ({ at, cargo }: Load, before: Line): boolean =>
  at >= (eventsDueAt(before, cargo) ?? Infinity)

/** The chunk stays behind where the frame would be too large: it can wait. */
const packed = (
  frame: Publish,
  events: readonly SentEvent[],
  history: HistoryChunk | undefined,
): Publish => {
  const asking: Publish = {
    ...frame,
    ...(events.length > 0 && { events: [...events] }),
    ack: true,
  }
  const full = { ...asking, ...(history && { history }) }
  return jsonBytes(full) <= limits.frameBytes ? full : asking
}

const noted = (line: Line, before: Line, now: number, frame: Publish): Line => {
  const { seq, events, history } = frame
  const readsLog = events !== undefined
  const others = line.asks.filter((ask) => ask.seq !== seq)
  return {
    ...line,
    asks: [...others, { seq, at: now, readsLog }],
    askedAt: now,
    framesSinceAsk: 0,
    batch: events?.[0] ? batchOf(before, events[0], now) : line.batch,
    historyAt: history ? now : line.historyAt,
    chunks: history ? [...line.chunks, { seq, chunk: sentOf(history) }].slice(-8) : line.chunks,
  }
}

const sentOf = ({ inst, chunk, length }: HistoryChunk): SentChunk => ({ inst, chunk, length })

const batchOf = ({ batch }: Line, { src, m }: SentEvent, now: number): Line['batch'] => {
  const again = batch?.src === src && batch.m === m
  return { src, m, at: now, tries: again ? batch.tries + 1 : 1 }
}
