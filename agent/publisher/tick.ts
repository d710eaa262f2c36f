import { changedFields, patchOf, type Touched } from '../../protocol/delta.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { jsonBytes, patchBudget } from './budget.ts'
import { backlogDueAt, eventsDueAt, type Cargo } from './cargo.ts'
import { andThen, nothing, type Turn } from './effect.ts'
import type { Keyframe, Line, Terms } from './line.ts'
import { loaded } from './load.ts'
import { dueAt, paced } from './pace.ts'
import { sendDelta, sendHello, sendKeyframe, touchedBy } from './send.ts'
import { silenceOf } from './silence.ts'

export interface Moment {
  /** Monotonic, ms. */
  readonly at: number
  readonly state: PrinterState
  /** Whether a reading just came in: what was asked for fresh can be answered. */
  readonly sampled: boolean
  readonly cargo: Cargo
}

/** Time went on, or a reading came in: at most one frame goes out. */
export const tick = (line: Line, terms: Terms, moment: Moment): Turn => {
  const { at } = moment
  const oldest = line.asks[0]
  if (oldest && at - oldest.at >= timeOuts.ackLost)
    return { line, effects: [{ type: 'redial', why: 'the relay does not answer' }] }
  return andThen(handOver(line, at), (one) => {
    if (at < one.heldUntil) return nothing(one)
    return one.greeting ? greet(one, terms, moment) : publish(lower(one, terms, at), terms, moment)
  })
}

/** The gateway cuts a connection at two hours: another is opened before, again each minute. */
const handOver = (line: Line, at: number): Turn =>
  at < line.handOverAt
    ? nothing(line)
    : {
        line: { ...line, handOverAt: at + 60_000 },
        effects: [{ type: 'hand_over' }],
      }

const greet = (line: Line, terms: Terms, { at, state }: Moment): Turn =>
  at >= (nextHello(line) ?? Infinity) ? sendHello(line, terms, at, state) : nothing(line)

/** When the unanswered hello is repeated; after the last repeat only the redial is left. */
export const nextHello = ({ greeting }: Line): number | undefined => {
  if (!greeting) return undefined
  if (greeting.sent === 0) return greeting.at
  const wait = timeOuts.requestRepeats[greeting.sent - 1]
  return wait === undefined ? undefined : greeting.at + wait
}

/** Lowering is declared, never pushed: a while after the last viewer left (design §4). */
const lower = (line: Line, { lowerAfter }: Terms, at: number): Line =>
  line.attention.mode === 'watched' &&
  line.quietSince !== undefined &&
  line.owed === undefined &&
  at - line.quietSince >= lowerAfter
    ? { ...line, attention: { mode: 'lowering', since: undefined } }
    : line

const publish = (line: Line, terms: Terms, moment: Moment): Turn => {
  const { at, state, sampled, cargo } = moment
  const { key, owed } = line
  if (!key) return sendHello(line, terms, at, state)
  const answers = owed !== undefined && (sampled || at >= owed.by)
  const carries = mustCarry(line, moment)
  const mayNow = at >= dueAt(line, terms) || (answers && owed.urgent) || carries
  if (!mayNow) return nothing(line)
  const turn = paced(line, terms, at, publishNow(line, key, answers || carries, moment))
  return loaded(line, { at, cargo, keepsAlive: keepsAlive(line, at) }, turn)
}

/** Events wait for no pace and no change of the state. */
const mustCarry = (line: Line, { at, cargo }: Moment): boolean =>
  at >= (eventsDueAt(line, cargo) ?? Infinity) || at >= (backlogDueAt(line, cargo) ?? Infinity)

const keepsAlive = (line: Line, at: number): boolean => at - line.sentAt >= silence(line)

const publishNow = (line: Line, key: Keyframe, calledIn: boolean, moment: Moment): Turn => {
  const { at, state } = moment
  // Deltas of a keyframe that the relay may not have are no use to it; nor is anything but the
  // newest state while it does not answer.
  if (!key.acknowledged || isLate(line, at))
    return calledIn || at - key.at >= timeOuts.keyframeRepeat
      ? sendKeyframe(line, at, state)
      : nothing(line)
  return publishDelta(line, key, calledIn, moment)
}

const publishDelta = (line: Line, key: Keyframe, calledIn: boolean, moment: Moment): Turn => {
  const { at, state } = moment
  const changed = changedFields(line.sent, state)
  if (wantsKeyframe(line, key, changed, at)) return sendKeyframe(line, at, state)
  const alive = keepsAlive(line, at)
  const declares = line.attention.mode === 'lowering' && line.attention.since === undefined
  if (!calledIn && !alive && !declares && !isWorthy(line, changed)) return nothing(line)
  const bytes = jsonBytes(patchOf(state, touchedBy(line, state)))
  return bytes > patchBudget(key.bytes)
    ? sendKeyframe(line, at, state)
    : sendDelta(line, at, state, { k: key.seq, mustAsk: alive || declares })
}

/** A new job changes most fields and is a good place to start from; age bounds what is lost. */
const wantsKeyframe = (line: Line, key: Keyframe, changed: Touched, at: number): boolean =>
  someOf(changed, ['job']) ||
  (line.attention.mode !== 'idle' && at - key.at >= timeOuts.keyframeEvery)

/** Nobody watches an idle printer: only what a list or an alarm needs goes out. */
const isWorthy = ({ attention }: Line, changed: Touched): boolean =>
  attention.mode === 'idle' ? someOf(changed, ['status', 'job']) : changed.size > 0

const someOf = (changed: Touched, sections: readonly string[]): boolean =>
  [...changed].some((place) => sections.includes(place.slice(0, place.indexOf('/'))))

export const isLate = ({ asks }: Line, at: number): boolean => {
  const oldest = asks[0]
  return oldest !== undefined && at - oldest.at >= timeOuts.ackLate
}

/** While lowering is not confirmed, the agent keeps the silence of a watched printer. */
export const silence = ({ attention, sent }: Line): number =>
  silenceOf(attention.mode === 'idle' ? 'idle' : 'watched', sent)
