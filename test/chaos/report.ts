import type { Outcome } from './run-seed.ts'
import type { Shrunk } from './shrink.ts'

const faultsOf = ({ faults }: Outcome): string =>
  [...faults].map(([kind, count]) => `${kind} ${count}x`).join(', ') || 'none'

/** What a person needs of a seed that failed. */
export const reportOf = ({ outcome, runs }: Shrunk, command: string, lines: number): string => {
  const { seed, violation } = outcome
  return [
    `seed ${seed}: ${violation?.property ?? 'nothing was violated'}`,
    `  ${violation?.detail ?? ''}`,
    `  at ${((violation?.at ?? 0) / 1000).toFixed(1)} virtual seconds; again: ${command}`,
    `  faults left after ${runs} runs: ${faultsOf(outcome)}`,
    ...outcome.trace(lines).map((line) => `    ${line}`),
  ].join('\n')
}
