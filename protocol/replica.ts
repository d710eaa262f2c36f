import { applyPatch } from './delta.ts'
import { isNewer, type Position } from './generation.ts'
import type { Patch, PrinterState } from './printer-state.ts'

/** What a receiver holds of one printer, in whatever order its frames came (design §3.1). */
export interface Replica {
  /** The newest state that could be built, and where it stands. */
  readonly held: Held | undefined
  /** The newest delta of a keyframe that is not known (yet). */
  readonly waiting: DeltaFrame | undefined
}

export interface Held extends Position {
  /** The seq of the keyframe that this state descends from. */
  readonly k: number
  readonly state: PrinterState
}

interface Place extends Position {
  readonly k: number
}
export type DeltaFrame = Place & { readonly patch: Patch }
/** A keyframe, or a snapshot: the whole state at `seq`, a descendant of keyframe `k`. */
export type WholeFrame = Place & { readonly full: PrinterState }
export type StateFrame = WholeFrame | DeltaFrame

/**
 * `taken`: the held state moved on. `ignored`: not newer than what is held. `unknown keyframe`:
 * kept, and the receiver asks for one `sync`.
 */
export type Verdict = 'taken' | 'ignored' | 'unknown keyframe'

export const emptyReplica: Replica = { held: undefined, waiting: undefined }

/** Takes one frame in. Never goes back in `(gen, seq)`; total, whatever was lost or repeated. */
export const receive = (
  replica: Replica,
  frame: StateFrame,
): { replica: Replica; verdict: Verdict } => {
  if (!isNewer(frame, replica.held)) return { replica, verdict: 'ignored' }
  if ('full' in frame) return { replica: holdWhole(replica, frame), verdict: 'taken' }
  const { held } = replica
  if (held?.gen === frame.gen && held.k === frame.k) {
    const state = applyPatch(held.state, frame.patch)
    return { replica: keepIfNewer({ ...replica, held: place(frame, state) }), verdict: 'taken' }
  }
  if (!isNewer(frame, replica.waiting)) return { replica, verdict: 'ignored' }
  return { replica: { ...replica, waiting: frame }, verdict: 'unknown keyframe' }
}

const place = ({ gen, seq, k }: Place, state: PrinterState): Held => ({ gen, seq, k, state })

/** A keyframe that was overtaken by its own delta is completed by it at once. */
const holdWhole = (replica: Replica, frame: WholeFrame): Replica => {
  const held = place(frame, frame.full)
  const { waiting } = replica
  if (waiting && waiting.gen === held.gen && waiting.k === held.k && waiting.seq > held.seq)
    return { held: place(waiting, applyPatch(held.state, waiting.patch)), waiting: undefined }
  return keepIfNewer({ held, waiting })
}

const keepIfNewer = (replica: Replica): Replica =>
  replica.waiting && !isNewer(replica.waiting, replica.held)
    ? { ...replica, waiting: undefined }
    : replica
