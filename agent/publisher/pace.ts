import type { Turn } from './effect.ts'
import type { Line, Terms } from './line.ts'

/**
 * The least time (ms) between two frames on the average: what the relay asks for, or a little less
 * than our own tick. Readings set the beat, and orders for readings shift it: with the whole tick
 * the frames would wait the same part of it for ever, so they find back within ten.
 */
const gapOf = ({ pace }: Line, { tick }: Terms): number => (pace > tick ? pace : tick * 0.9)

/** From when on the next frame may go. */
export const dueAt = (line: Line, terms: Terms): number => line.pacedAt + gapOf(line, terms)

/**
 * Counts a frame that went out at `at`: one for each gap that passed, and at most one of an earlier
 * gap that had none. Were it one a gap since the last frame, a frame that is late would make all
 * that follow later, until each carried a reading that is nearly a tick old. An urgent frame, which
 * goes before its time, is not counted: the readings after it keep its beat.
 */
export const paced = (before: Line, terms: Terms, at: number, turn: Turn): Turn => {
  const due = dueAt(before, terms)
  if (turn.line.seq === before.seq || at < due) return turn
  return { ...turn, line: { ...turn.line, pacedAt: Math.max(due, at - gapOf(before, terms)) } }
}
