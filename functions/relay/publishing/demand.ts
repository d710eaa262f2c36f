import { silencesBeforeOld } from '../../../protocol/time-outs.ts'
import type { Ports } from '../ports.ts'
import { post } from '../post.ts'
import { readState, type StateItem } from './state-item.ts'

const second = 1000
/** The least time between two frames grows with the audience (design §4). */
const ladder = [
  { upTo: 250, intervalMs: 1 * second },
  { upTo: 1000, intervalMs: 2 * second },
  { upTo: 5000, intervalMs: 5 * second },
] as const
const slowestMs = 10 * second

/** The least time (ms) between two state frames for this audience; source: design §4. */
export const intervalFor = (audience: number): number =>
  ladder.find((step) => audience <= step.upTo)?.intervalMs ?? slowestMs

/** What an agent is told of its audience. */
export const paceFor = (viewers: number) => ({ viewers, interval: intervalFor(viewers) })

/** Raising is pushed at once; lowering is never pushed, the agent declares it. */
export const mustRaise = (
  stored: Pick<StateItem, 'mode' | 'seenAt' | 'interval'>,
  now: number,
): boolean => stored.mode === 'idle' || now - stored.seenAt > silencesBeforeOld * stored.interval

/** Tells the agent that somebody watches; when its connection is gone, its successor, once. */
export const raise = async (
  ports: Ports,
  printerId: string,
  stored: StateItem,
  viewers: number,
): Promise<void> => {
  const frame = { type: 'demand', ...paceFor(viewers) } as const
  if (stored.st !== 'on' || (await post(ports, stored.conn, frame)) !== 'gone') return
  const owner = await readState(ports, printerId)
  if (owner?.st === 'on' && owner.conn !== stored.conn) await post(ports, owner.conn, frame)
}
