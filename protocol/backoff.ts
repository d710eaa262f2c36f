import { backoff } from './time-outs.ts'

/**
 * How long (ms) to wait before try number `attempt`, from 0: anywhere between `least` and a cap that
 * doubles with each try (design §3.4). The whole span is random also at the last cap, or a fleet
 * that lost its relay together would come back together.
 */
export const backoffMs = (attempt: number, random: () => number, least = 0): number => {
  const cap = Math.min(backoff.last, (least + backoff.first) * 2 ** Math.min(attempt, 20))
  return Math.ceil(least + random() * (cap - least))
}
