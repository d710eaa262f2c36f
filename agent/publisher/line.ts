import type { Touched } from '../../protocol/delta.ts'
import type { SentChunk } from '../history/waiting-chunk.ts'
import { emptyState, type PrinterState } from '../../protocol/printer-state.ts'

/** What holds for every connection of this process start. Times are ms. */
export interface Terms {
  readonly instance: string
  readonly version: string
  /** True until the first welcome (design §3.1); false when it was superseded. */
  readonly fresh: boolean
  /** So long after the last viewer the agent declares itself idle. */
  readonly lowerAfter: number
  /** The least time between two frames that the sampler's tick asks for. */
  readonly tick: number
}

/** The keyframe that deltas build on. */
export interface Keyframe {
  readonly seq: number
  /** Of its state as JSON: what the relay stores. */
  readonly bytes: number
  readonly at: number
  readonly acknowledged: boolean
}

/** A frame that asked for an answer and has none. */
export interface Ask {
  readonly seq: number
  readonly at: number
  /** The relay looks its log through for the answer: a frame with events, not a hello. */
  readonly readsLog: boolean
}

/** The events that were sent last: from number `m` of `src` on. */
export interface Batch {
  readonly src: string
  readonly m: number
  readonly at: number
  readonly tries: number
}

/** `since`: the first seq that declared idle; an ack for it or a later one confirms it. */
export type Attention =
  | { readonly mode: 'watched' }
  | { readonly mode: 'lowering'; readonly since: number | undefined }
  | { readonly mode: 'idle' }

/** A frame that goes out although nothing changed, because the relay asked for the state. */
export interface Owed {
  /** With the next reading, at the latest then. */
  readonly by: number
  /** A raise goes at once, an order of a watched printer waits for its turn. */
  readonly urgent: boolean
}

/**
 * One connection of the agent, that is one generation: all that the publisher remembers. A value;
 * every step makes the next one. Times are of the monotonic clock.
 */
export interface Line {
  /** The last seq used; 0 before the first hello. Never used twice. */
  readonly seq: number
  /** Hellos sent since the last welcome; undefined once welcomed. */
  readonly greeting: { readonly sent: number; readonly at: number } | undefined
  readonly key: Keyframe | undefined
  /** Every field that changed since the keyframe, whether or not it went back. */
  readonly touched: Touched
  /** What the last frame said. */
  readonly sent: PrinterState
  readonly sentAt: number
  /** The pace counts from here: a tick later the next frame may go. */
  readonly pacedAt: number
  readonly asks: readonly Ask[]
  readonly askedAt: number
  readonly framesSinceAsk: number
  readonly attention: Attention
  /** Since when the relay reports no viewers. */
  readonly quietSince: number | undefined
  /** The least time between two frames, by the relay. */
  readonly pace: number
  readonly owed: Owed | undefined
  readonly handOverAt: number
  /** Until then nothing is sent: the relay says that too much was. */
  readonly heldUntil: number
  readonly batch: Batch | undefined
  /** When a chunk of history went out last. */
  readonly historyAt: number
  /** The chunks on frames that have no answer. */
  readonly chunks: readonly { readonly seq: number; readonly chunk: SentChunk }[]
}

/** The line of a connection that opened at `at`. */
export const freshLine = (at: number, handOverAt: number): Line => ({
  seq: 0,
  greeting: { sent: 0, at },
  key: undefined,
  touched: new Set(),
  sent: emptyState,
  sentAt: at,
  pacedAt: at,
  asks: [],
  askedAt: at,
  framesSinceAsk: 0,
  attention: { mode: 'watched' },
  quietSince: undefined,
  pace: 0,
  owed: undefined,
  handOverAt,
  heldUntil: at,
  batch: undefined,
  historyAt: at,
  chunks: [],
})
