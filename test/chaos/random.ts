import { seededRandom } from '../../local/gateway/random.ts'

/** Random choices of one stream; the same seed and name give the same choices. */
export interface Random {
  /** From 0 to below 1. */
  readonly next: () => number
  between(low: number, high: number): number
  chance(part: number): boolean
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T
  readonly bytes: (count: number) => Uint8Array
}

const mixed = (seed: number, name: string): number => {
  let hash = Math.imul(seed + 1, 0x9e3779b1)
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193)
  return hash ^ (hash >>> 15)
}

/** A stream of its own for each purpose, so that leaving one fault out does not move the others. */
export const randomOf = (seed: number, name: string): Random => {
  const next = seededRandom(mixed(seed, name))
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    chance: (part) => next() < part,
    pick: (list) => list[Math.floor(next() * list.length)] as (typeof list)[number],
    bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)),
  }
}
