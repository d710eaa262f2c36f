import { timeOuts } from '../../protocol/time-outs.ts'
import { backlogDueAt, eventsDueAt, type Cargo } from './cargo.ts'
import type { Line, Terms } from './line.ts'
import { dueAt } from './pace.ts'
import { nextHello, silence } from './tick.ts'

/**
 * When (monotonic ms) the line needs a tick if nothing comes in before. What was due until `at`
 * has been seen by the tick of then, so only later times count.
 */
export const wakeAt = (line: Line, terms: Terms, at: number, cargo: Cargo): number => {
  const { asks, key, quietSince, owed } = line
  const times = [
    line.handOverAt,
    line.heldUntil,
    nextHello(line),
    dueAt(line, terms),
    line.sentAt + silence(line),
    owed?.by,
    line.greeting ? undefined : eventsDueAt(line, cargo),
    backlogDueAt(line, cargo),
    asks[0] && asks[0].at + timeOuts.ackLate,
    asks[0] && asks[0].at + timeOuts.ackLost,
    key && key.at + (key.acknowledged ? timeOuts.keyframeEvery : timeOuts.keyframeRepeat),
    quietSince === undefined ? undefined : quietSince + terms.lowerAfter,
  ]
  return Math.min(...times.filter((time) => time !== undefined && time > at).map(Number))
}
