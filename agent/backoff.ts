import { backoff } from '../protocol/time-outs.ts'

/**
 * How long (ms) to wait before try number `attempt` (from 0): anywhere between the first step and
 * a ceiling that doubles up to the last one (design §3.4). The whole span is random also at the
 * ceiling, or a fleet that lost its relay together would come back together.
 */
export const backoffMs = (attempt: number, random: () => number): number => {
  const ceiling = Math.min(backoff.last, backoff.first * 2 ** Math.min(attempt + 1, 16))
  return Math.round(backoff.first + random() * (ceiling - backoff.first))
}
