import { framesBetweenAcks } from '../../protocol/time-outs.ts'
import { nothing, type Turn } from './effect.ts'
import { freshWait } from './hear.ts'
import type { Line } from './line.ts'

/**
 * The machine slept, and the connection may be dead without a word: a frame with a fresh reading
 * goes out now and asks for an answer. A hello on its way asks already.
 */
export const roused = (line: Line, at: number): Turn =>
  line.greeting
    ? nothing(line)
    : {
        line: {
          ...line,
          framesSinceAsk: framesBetweenAcks,
          owed: { by: Math.min(line.owed?.by ?? Infinity, at + freshWait), urgent: true },
        },
        effects: [{ type: 'refresh' }],
      }

/** Whether what was asked after a waking at `at` has no answer. */
export const unanswered = ({ asks }: Line, at: number): boolean =>
  asks.some((ask) => ask.at >= at && ask.at <= at + freshWait)
