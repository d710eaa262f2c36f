import type { AgentToRelay } from '../../protocol/agent-to-relay.ts'
import type { HighWater } from '../../protocol/printer-event.ts'
import type { SentChunk } from '../history/waiting-chunk.ts'
import type { Line } from './line.ts'

/** What the publisher wants done. It does nothing itself. */
export type Effect =
  | { readonly type: 'send'; readonly frame: AgentToRelay }
  /** The events at the front of the outbox are on the frame that follows. */
  | { readonly type: 'offered' }
  /** The relay told its marks; `askedAt` as in Outbox. */
  | { readonly type: 'heard'; readonly hwm: HighWater; readonly askedAt: number | undefined }
  /** The relay has this much of a chunk of history. */
  | { readonly type: 'stored'; readonly chunk: SentChunk }
  /** Take a reading now, and tick with it. */
  | { readonly type: 'refresh' }
  | { readonly type: 'welcomed' }
  /** This connection is no use any more: open another. */
  | { readonly type: 'redial'; readonly why: string }
  /** This connection nears its end: open another beside it. */
  | { readonly type: 'hand_over' }
  /** Another agent has the printer: stay idle. */
  | { readonly type: 'superseded'; readonly by: string | undefined }
  | { readonly type: 'revoked' }
  | { readonly type: 'complain'; readonly code: string; readonly message: string }

export interface Turn {
  readonly line: Line
  readonly effects: readonly Effect[]
}

/** Does one thing after another. */
export const andThen = (turn: Turn, next: (line: Line) => Turn): Turn => {
  const { line, effects } = next(turn.line)
  return { line, effects: [...turn.effects, ...effects] }
}

export const nothing = (line: Line): Turn => ({ line, effects: [] })
