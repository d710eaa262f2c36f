import type { Turn } from './effect.ts'
import type { Line, Terms } from './line.ts'

interface Moment {
  readonly at: number
  /** Whether a reading just came in. */
  readonly sampled: boolean
}

/** How long a tick is (ms): ours, or longer if the relay asks for it. */
const tickOf = ({ pace }: Line, { tick: own }: Terms): number => Math.max(pace, own)

/** From when on the next frame may go. */
export const dueAt = (line: Line, terms: Terms): number => line.pacedAt + tickOf(line, terms)

/**
 * Whether a frame may go now. A fresh reading may be early by a tenth of our own tick: orders for a
 * reading shift the beat of all that follow, and so the frames find back to it within ten ticks.
 * Where the relay asks for a slower pace than ours, it is kept to the millisecond.
 */
export const inPace = (line: Line, terms: Terms, { at, sampled }: Moment): boolean => {
  const early = sampled && tickOf(line, terms) === terms.tick ? terms.tick / 10 : 0
  return at >= dueAt(line, terms) - early
}

/**
 * Counts a frame that went out at `at`: one for each tick that passed, and at most one of an earlier
 * tick that had none. Were it one a tick since the last frame, a frame that is late would make all
 * that follow later, until each carried a reading that is nearly a tick old. An urgent frame, which
 * goes before its time, is not counted: the readings after it keep its beat.
 */
export const paced = (before: Line, terms: Terms, moment: Moment, turn: Turn): Turn => {
  if (turn.line.seq === before.seq || !inPace(before, terms, moment)) return turn
  const { at } = moment
  const pacedAt = Math.max(Math.min(at, dueAt(before, terms)), at - tickOf(before, terms))
  return { ...turn, line: { ...turn.line, pacedAt } }
}
