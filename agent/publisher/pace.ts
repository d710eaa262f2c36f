import type { Turn } from './effect.ts'
import type { Line, Terms } from './line.ts'

/** How long a tick is (ms): ours, or longer if the relay asks for it. */
const tickOf = ({ pace }: Line, { tick: own }: Terms): number => Math.max(pace, own)

/** From when on the next frame may go. */
export const dueAt = (line: Line, terms: Terms): number => line.pacedAt + tickOf(line, terms)

/**
 * Counts a frame that went out at `at`: one for each tick that passed, and at most one of an earlier
 * tick that had none. Were it one a tick since the last frame, a frame that is late would make all
 * that follow later, until each carried a reading that is nearly a tick old. An urgent frame, which
 * goes before its time, is not counted: the readings after it keep its beat.
 */
export const paced = (before: Line, terms: Terms, at: number, turn: Turn): Turn => {
  const due = dueAt(before, terms)
  if (turn.line.seq === before.seq || at < due) return turn
  return { ...turn, line: { ...turn.line, pacedAt: Math.max(due, at - tickOf(before, terms)) } }
}
