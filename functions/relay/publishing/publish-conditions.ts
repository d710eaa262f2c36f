import type { Generation } from '../../../protocol/ids.ts'
import type { Publish } from '../../../protocol/publish.ts'
import { absent, all, any, equal, greater, less, type Condition } from '../table/condition.ts'
import { expirySeconds, keptFor } from '../table/expiry.ts'
import { rateLimits } from '../limits/rate-limits.ts'
import { riding, takingFromFull, type Riding, type Taking } from '../limits/riding-bucket.ts'
import type { StateItem } from './state-item.ts'
import type { Change } from '../table/table.ts'

/** The connection owns the printer, its token stands, and nothing newer of it is stored. */
const newerOfOwner = (gen: Generation, seq: number, now: number): Condition =>
  all(
    ...[equal('gen', gen), less('seq', seq), equal('st', 'on'), equal('online', true)],
    any(absent('retireAt'), greater('retireAt', now)),
  )

/** A delta builds on its own keyframe only. */
const onKeyframe = (k: number): Condition => equal('k', k)

/** The agent's bucket rides on the state: no frame costs a write more for it. */
export const frameRate: Riding = { path: 'due', bucket: rateLimits.publishes }

/**
 * What a publish writes, and when it may: one update, without reading. `taking` is the way in which
 * it takes a token of the bucket.
 */
export const stateWrite = (
  gen: Generation,
  frame: Publish,
  now: number,
  taking = takingFromFull(frameRate, now) as Taking,
): [Change, Condition] => {
  const [change, when] = freeWrite(gen, frame, now)
  return [riding(change, taking), all(when, taking.when)]
}

const freeWrite = (gen: Generation, frame: Publish, now: number): [Change, Condition] => {
  const { seq, mode, interval, agentNow, full, k, patch } = frame
  const always = {
    seq,
    mode,
    interval,
    agentNow,
    seenAt: now,
    expiresAt: expirySeconds(now + keptFor.state),
  }
  if (full !== undefined) {
    const set = Object.entries({ ...always, k: seq, kf: JSON.stringify(full) })
    return [{ set, remove: ['patch'] }, newerOfOwner(gen, seq, now)]
  }
  const set = Object.entries({ ...always, patch: JSON.stringify(patch ?? {}) })
  return [{ set }, all(newerOfOwner(gen, seq, now), onKeyframe(k ?? 0))]
}

/** What a refused publish means for the agent (design §6). */
export type Refusal = 'resync' | 'newer owner' | 'overtaken' | 'retired' | 'too soon'

/** Judges a refused publish by what is stored, read consistently afterwards. */
export const judgeRefusal = (
  gen: Generation,
  { seq, k }: Publish,
  stored: StateItem | undefined,
  now: number,
): Refusal => {
  if (stored === undefined || stored.gen < gen) return 'resync'
  if (stored.gen > gen) return 'newer owner'
  if (stored.st !== 'on' || !stored.online) return 'resync'
  if (stored.retireAt !== undefined && stored.retireAt <= now) return 'retired'
  if (stored.seq >= seq) return 'overtaken'
  // Nothing is wrong with the frame: it came too soon after the others, or fits by now.
  return k === undefined || stored.k === k ? 'too soon' : 'resync'
}
