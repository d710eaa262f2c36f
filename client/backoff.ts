import { backoff } from '../protocol/time-outs.ts'

/** Full jitter (ms) before try number `attempt`, from 0: a fleet that lost its relay spreads out. */
export const backoffMs = (attempt: number, random: () => number): number =>
  Math.ceil(random() * Math.min(backoff.last, backoff.first * 2 ** Math.min(attempt, 20)))
