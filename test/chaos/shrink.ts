import { leavingNothing, type FaultKind, type Leaving } from './faults.ts'
import { runSeed, type Outcome } from './run-seed.ts'
import type { RunOptions } from './world.ts'

/** The same violation with as few kinds of faults, and as few of them, as were found to do. */
export interface Shrunk {
  readonly outcome: Outcome
  readonly leaving: Leaving
  readonly runs: number
}

/**
 * Leaves out kind by kind, then halves how many faults there are at all, as long as the same property
 * still breaks. Not the least there is, but what a person can read.
 */
export const shrink = async (options: RunOptions, first: Outcome): Promise<Shrunk> => {
  let best = { outcome: first, leaving: leavingNothing }
  let runs = 0
  const attempt = async (leaving: Leaving): Promise<boolean> => {
    runs++
    const outcome = await runSeed({ ...options, leaving })
    if (outcome.violation?.property !== first.violation?.property) return false
    best = { outcome, leaving }
    return true
  }
  for (const kind of byCount(first.faults)) {
    const { leaving } = best
    await attempt({ ...leaving, kinds: new Set([...leaving.kinds, kind]) })
  }
  let low = 0
  let high = [...best.outcome.faults.values()].reduce((sum, count) => sum + count, 0)
  while (low < high && runs < 60) {
    const middle = Math.floor((low + high) / 2)
    if (await attempt({ ...best.leaving, budget: middle })) high = middle
    else low = middle + 1
  }
  return { ...best, runs }
}

/** The commonest first: leaving those out makes the trace short. */
const byCount = (faults: ReadonlyMap<FaultKind, number>): FaultKind[] =>
  [...faults].sort(([, a], [, b]) => b - a).map(([kind]) => kind)
