import type { Turn } from './effect.ts'
import type { Line, Terms } from './line.ts'

/** How long a tick is (ms): ours, or longer if the relay asks for it. */
const spacing = ({ pace }: Line, { tick: own }: Terms): number => Math.max(pace, own)

/** When the next tick begins, and with it the right to a frame. */
export const dueAt = (line: Line, terms: Terms): number => line.pacedAt + spacing(line, terms)

/**
 * Counts a frame that went out at `at` as that of its tick. Ticks follow one another whenever in
 * them a frame goes: counted from the last frame instead, one that is late would make all that
 * follow later, until each carried a reading that is nearly a tick old.
 */
export const paced = (before: Line, terms: Terms, at: number, turn: Turn): Turn => {
  if (turn.line.seq === before.seq) return turn
  const tick = spacing(before, terms)
  const passed = Math.floor((at - before.pacedAt) / tick)
  return { ...turn, line: { ...turn.line, pacedAt: before.pacedAt + passed * tick } }
}
