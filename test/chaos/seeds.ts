import { leavingNothing } from './faults.ts'
import { createGateway, type MakeGateway } from './gateway.ts'
import type { Mutation } from './mutations.ts'
import { runSeed, type Outcome } from './run-seed.ts'
import { memoryStore, type MakeStore } from './store.ts'
import type { RunOptions } from './world.ts'

/** From calm to wild, so that faults are met alone and together. */
const intensities = [1, 0.3, 2.5, 1, 5] as const

export interface Over {
  readonly minutes?: number | undefined
  readonly mutation?: Mutation | undefined
  readonly store?: MakeStore
  readonly gateway?: MakeGateway
}

export const optionsOf = (
  seed: number,
  { minutes, mutation, store = memoryStore, gateway = createGateway }: Over = {},
): RunOptions => ({
  seed,
  minutes,
  mutation,
  store,
  gateway,
  intensity: intensities[seed % intensities.length] ?? 1,
  leaving: leavingNothing,
})

/** The first of these seeds that breaks a property; undefined when none does. */
export const firstFailure = async (
  seeds: Iterable<number>,
  over: Over = {},
): Promise<Outcome | undefined> => {
  for (const seed of seeds) {
    const outcome = await runSeed(optionsOf(seed, over))
    if (outcome.violation) return outcome
  }
  return undefined
}

export function* range(from: number, count: number): Iterable<number> {
  for (let seed = from; seed < from + count; seed++) yield seed
}
