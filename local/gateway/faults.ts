import { seededRandom } from './random.ts'

/** What can befall the messages of one direction. Chances are 0 to 1. */
export interface LaneFaults {
  readonly drop: number
  /** Delivered twice. */
  readonly repeat: number
  /** Delivered after a random time up to `delayMs`: with chance 1 this is plain jitter. */
  readonly delay: number
  readonly delayMs: number
  /** Held back until the next one of the same connection has passed, at most `holdMs`. */
  readonly reorder: number
  readonly holdMs: number
}

export interface FaultPlan {
  /** From clients into handlers. */
  readonly messages: LaneFaults
  /** From handlers to clients: a dropped post is answered 200 all the same. */
  readonly posts: LaneFaults
  /** A post is answered 410 although the connection lives. */
  readonly gone: number
  /** A post is answered 429. */
  readonly limited: number
  /** A message's handler dies before it did anything. */
  readonly crashBefore: number
  /** A message's handler dies after all its effects, before its answer. */
  readonly crashAfter: number
  readonly loseDisconnect: number
  readonly lateDisconnect: number
  readonly lateDisconnectMs: number
}

const calmLane: LaneFaults = {
  drop: 0,
  repeat: 0,
  delay: 0,
  delayMs: 20,
  reorder: 0,
  holdMs: 1_000,
}

/** No faults at all: what a gateway starts with. */
export const calm: FaultPlan = {
  messages: calmLane,
  posts: calmLane,
  gone: 0,
  limited: 0,
  crashBefore: 0,
  crashAfter: 0,
  loseDisconnect: 0,
  lateDisconnect: 0,
  lateDisconnectMs: 5_000,
}

export type FaultChange = Partial<Omit<FaultPlan, 'messages' | 'posts'>> & {
  readonly messages?: Partial<LaneFaults>
  readonly posts?: Partial<LaneFaults>
}

export interface Faults {
  plan(): FaultPlan
  /** Changes what is named and keeps the rest. */
  set(change: FaultChange): void
  clear(): void
  /** Whether something of this chance happens now. Draws nothing for 0, so calm runs stay alike. */
  happens(chance: number): boolean
  /** A random time below `ms`. */
  upTo(ms: number): number
}

/** The switchboard of faults, off until `set`; the same seed and calls give the same faults. */
export const createFaults = (seed: number): Faults => {
  const random = seededRandom(seed)
  let plan = calm
  return {
    plan: () => plan,
    set({ messages, posts, ...rest }) {
      plan = {
        ...plan,
        ...rest,
        messages: { ...plan.messages, ...messages },
        posts: { ...plan.posts, ...posts },
      }
    },
    clear: () => void (plan = calm),
    happens: (chance) => chance > 0 && random() < chance,
    upTo: (ms) => random() * ms,
  }
}
