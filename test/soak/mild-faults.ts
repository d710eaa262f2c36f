import type { FaultKind, Faults } from '../chaos/faults.ts'
import { randomOf, type Random } from '../chaos/random.ts'

/** What an ordinary day brings. All else goes well, but for the gateway's limit of two hours. */
const chances: Partial<Record<FaultKind, number>> = {
  'frame in lost': 0.01,
  'frame out lost': 0.01,
  'frame out late': 0.01,
  'disconnect lost': 0.1,
  'post throttled': 0.001,
  'dial refused': 0.01,
  'http error': 0.005,
  'octoprint answer wrong': 0.0002,
}

/** Few faults, of a few kinds, all day long. */
export const mildFaults = (seed: number): Faults => {
  const streams = new Map<FaultKind, Random>()
  const happened = new Map<FaultKind, number>()
  let ended = false
  const random = (kind: FaultKind): Random => {
    const known = streams.get(kind)
    if (known) return known
    const made = randomOf(seed, kind)
    streams.set(kind, made)
    return made
  }
  return {
    happens: (kind) => {
      const chance = chances[kind]
      if (ended || chance === undefined || !random(kind).chance(chance)) return false
      happened.set(kind, (happened.get(kind) ?? 0) + 1)
      return true
    },
    rate: () => 0,
    take: () => false,
    random,
    end: () => {
      ended = true
    },
    get ended() {
      return ended
    },
    happened,
  }
}
