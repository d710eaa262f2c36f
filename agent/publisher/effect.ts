import type { AgentToRelay } from '../../protocol/agent-to-relay.ts'
import type { Line } from './line.ts'

/** What the publisher wants done. It does nothing itself. */
export type Effect =
  | { readonly type: 'send'; readonly frame: AgentToRelay }
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
