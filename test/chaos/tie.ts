import { isDeepStrictEqual } from 'node:util'
import { runSeed, type Outcome } from './run-seed.ts'
import { memoryStore, type MakeStore } from './store.ts'
import type { RunOptions } from './world.ts'

export interface Tied {
  /** Of the run over the other store. */
  readonly outcome: Outcome
  /** Where that run was another than in memory; undefined when it took the very same steps. */
  readonly difference: string | undefined
}

/** One seed in memory and over another store: same steps, same end, same items left. */
export const tie = async (options: RunOptions, other: MakeStore): Promise<Tied> => {
  const expected = await runSeed({ ...options, store: memoryStore })
  const outcome = await runSeed({ ...options, store: other })
  if (outcome.hash !== expected.hash)
    return { outcome, difference: firstDifference(expected, outcome) }
  const [was, is] = [await expected.stored(), await outcome.stored()]
  const difference = isDeepStrictEqual(is, was) ? undefined : 'other items are stored at the end'
  return { outcome, difference }
}

/** The first step that was another, if the trace still has it. */
const firstDifference = (expected: Outcome, outcome: Outcome): string => {
  const [was, is] = [expected, outcome].map(({ trace }) => trace(Infinity)) as [string[], string[]]
  const skip = Math.max(expected.steps - was.length, outcome.steps - is.length)
  const [wasFrom, isFrom] = [
    was.slice(skip - (expected.steps - was.length)),
    is.slice(skip - (outcome.steps - is.length)),
  ]
  const at = wasFrom.findIndex((line, i) => line !== isFrom[i])
  const step = `step ${skip + at + 1}`
  return `${step} in memory: ${wasFrom[at] ?? 'the end'}; here: ${isFrom[at] ?? 'the end'}`
}
