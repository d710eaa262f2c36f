import { randomOf, type Random } from './random.ts'

/**
 * Every way to go wrong. `chance`: at each occasion, at most so often; `perMinute`: by itself, at
 * most so often. A run has about half of the kinds, each at a pace of its own.
 */
export const faultKinds = {
  'frame in lost': { chance: 0.1 },
  'frame in repeated': { chance: 0.1 },
  'frame in late': { chance: 0.15 },
  'frame out lost': { chance: 0.1 },
  'frame out repeated': { chance: 0.1 },
  'frame out late': { chance: 0.15 },
  'handler killed': { chance: 0.01 },
  'handler slow': { chance: 0.02 },
  'answer late': { chance: 0.3 },
  'store throttled': { chance: 0.02 },
  'store hangs': { chance: 0.004 },
  'store answer lost': { chance: 0.01 },
  'post throttled': { chance: 0.05 },
  'post failed': { chance: 0.05 },
  'post failed but arrived': { chance: 0.03 },
  'post hangs': { chance: 0.01 },
  'post gone by mistake': { chance: 0.01 },
  'disconnect lost': { chance: 0.5 },
  'disconnect late': { chance: 0.5 },
  'dial refused': { chance: 0.2 },
  'http lost': { chance: 0.1 },
  'http error': { chance: 0.1 },
  'octoprint answer wrong': { chance: 0.05 },
  'agent killed': { perMinute: 0.5 },
  'relay killed': { perMinute: 0.25 },
  'clone started': { perMinute: 0.15 },
  'wall clock jumps': { perMinute: 0.5 },
  'relay clock steps': { perMinute: 0.5 },
  'machine sleeps': { perMinute: 0.3 },
  'connection dies silently': { perMinute: 0.4 },
  'connection cut': { perMinute: 0.6 },
  'octoprint away': { perMinute: 0.3 },
  'person revoked': { perMinute: 0.3 },
  'token rotated': { perMinute: 0.15 },
  'link withdrawn': { perMinute: 0.3 },
} as const satisfies Record<string, { chance: number } | { perMinute: number }>

export type FaultKind = keyof typeof faultKinds
type Occasional = {
  [Kind in FaultKind]: (typeof faultKinds)[Kind] extends { chance: number } ? Kind : never
}[FaultKind]
export type Scheduled = Exclude<FaultKind, Occasional>
export const allKinds = Object.keys(faultKinds) as FaultKind[]
export const scheduledKinds = allKinds.filter(
  (kind) => 'perMinute' in faultKinds[kind],
) as Scheduled[]

/** What a shrunk run leaves out. */
export interface Leaving {
  readonly kinds: ReadonlySet<FaultKind>
  /** At most so many faults in all. */
  readonly budget: number
  /** No fault after this virtual ms. */
  readonly until: number
}
export const leavingNothing: Leaving = { kinds: new Set(), budget: Infinity, until: Infinity }

export interface Faults {
  /** Whether this goes wrong now. */
  happens(kind: Occasional): boolean
  /** Occurrences per minute of what comes by itself; 0 when it is not in this run. */
  rate(kind: Scheduled): number
  /** Counts one that came by itself; false when it must not. */
  take(kind: Scheduled): boolean
  random(kind: FaultKind): Random
  /** From now on all goes well. */
  end(): void
  readonly ended: boolean
  readonly happened: ReadonlyMap<FaultKind, number>
}

export const createFaults = (
  seed: number,
  intensity: number,
  { leaving, only }: { leaving: Leaving; only: readonly FaultKind[] | undefined },
  now: () => number,
): Faults => {
  const plan = randomOf(seed, 'plan')
  const strength = new Map(
    allKinds.map((kind) => {
      const share = plan.next()
      const part = plan.next() ** 2
      if (only) return [kind, only.includes(kind) ? 1 : 0] as const
      return [kind, share < 0.45 ? 0.05 + 0.95 * part : 0] as const
    }),
  )
  const streams = new Map(allKinds.map((kind) => [kind, randomOf(seed, kind)]))
  const happened = new Map<FaultKind, number>()
  let total = 0
  let ended = false
  const share = (kind: FaultKind) =>
    leaving.kinds.has(kind) ? 0 : (strength.get(kind) ?? 0) * intensity
  const counted = (kind: FaultKind) => {
    if (ended || total >= leaving.budget || now() > leaving.until) return false
    total++
    happened.set(kind, (happened.get(kind) ?? 0) + 1)
    return true
  }
  const random = (kind: FaultKind) => streams.get(kind) as Random
  return {
    happens: (kind) => {
      const part = share(kind)
      if (ended || part === 0) return false
      return random(kind).chance(faultKinds[kind].chance * part) && counted(kind)
    },
    rate: (kind) => faultKinds[kind].perMinute * share(kind),
    take: counted,
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
