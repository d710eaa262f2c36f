import type { Faults } from './faults.ts'
import type { Loop } from './loop.ts'
import type { Random } from './random.ts'

/** What every part of a run stands on. */
export interface Ground {
  readonly loop: Loop
  readonly faults: Faults
  /** ms since 1970 at virtual time 0. */
  readonly epoch: number
  /** For what is not a fault: latencies, choices of people. */
  readonly random: Random
  /** A property does not hold: the run ends. */
  violated(property: string, detail: string): void
  /** A line of the trace that is no step. */
  note(line: string): void
}

export const second = 1000
export const minute = 60 * second
