import type { ErrorCodeName } from '../protocol/error-codes.ts'
import { isNewer, type Position } from '../protocol/generation.ts'
import { emptyReplica, receive, type Replica } from '../protocol/replica.ts'
import type { PrinterView } from '../protocol/rest.ts'
import type { Presence } from '../protocol/presence.ts'
import type { StateFrame } from '../protocol/state-frame.ts'
import { emptyEventList, type EventList } from './event-list.ts'

/** How old the held state is and at what pace it comes. */
export type Standing = Pick<StateFrame, 'mode' | 'interval' | 'relayAt' | 'agentNow'>

/** All that is known of one printer. */
export interface Entry {
  readonly replica: Replica
  readonly standing: Standing | undefined
  /** Of the delta that waits for its keyframe. */
  readonly waitingStanding: Standing | undefined
  readonly online: boolean
  /** The newest position that said something of `online`. */
  readonly onlineAt: Position | undefined
  /** The head of the event log. */
  readonly ev: number
  readonly events: EventList
  readonly about: Pick<PrinterView, 'name' | 'site' | 'role'> | undefined
  /** Why it cannot be watched. */
  readonly refused: ErrorCodeName | undefined
}

export const emptyEntry: Entry = {
  replica: emptyReplica,
  standing: undefined,
  waitingStanding: undefined,
  online: false,
  onlineAt: undefined,
  ev: 0,
  events: emptyEventList,
  about: undefined,
  refused: undefined,
}

const samePlace = (a: Position, b: Position | undefined) => a.gen === b?.gen && a.seq === b.seq

/** A state frame, or a snapshot by REST: both feed the same entry, which never goes back. */
export const takeState = (entry: Entry, frame: StateFrame): Entry => {
  const { replica, verdict } = receive(entry.replica, frame)
  // A frame that the refusal overtook takes nothing of it back.
  const next = { ...entry, replica, ev: Math.max(entry.ev, frame.ev) }
  if (verdict === 'unknown keyframe') return { ...next, waitingStanding: standingOf(frame) }
  const equal = frame.kind === 'snapshot' && samePlace(frame, entry.replica.held)
  if (verdict === 'ignored' && !equal) return next
  return { ...next, ...standingAfter(entry, replica, frame), ...onlineAfter(entry, frame) }
}

const standingOf = ({ mode, interval, relayAt, agentNow }: StateFrame): Standing => ({
  mode,
  interval,
  relayAt,
  agentNow,
})

/** A whole frame can be completed by the delta that waited for it: then that one's standing counts. */
const standingAfter = (entry: Entry, replica: Replica, frame: StateFrame) => ({
  standing: samePlace(frame, replica.held) ? standingOf(frame) : entry.waitingStanding,
  waitingStanding: replica.waiting ? entry.waitingStanding : undefined,
})

/**
 * A frame that was overtaken by the news that the agent left must not bring it back; a snapshot
 * of that very position was read later, or at worst together with it.
 */
const onlineAfter = ({ online, onlineAt }: Entry, frame: StateFrame) => {
  const counts =
    isNewer(frame, onlineAt) || (frame.kind === 'snapshot' && samePlace(frame, onlineAt))
  return counts
    ? { online: frame.online, onlineAt: { gen: frame.gen, seq: frame.seq } }
    : { online, onlineAt }
}

/** Ignored below the own position (design §3.3), which every state that is held has moved on. */
export const takePresence = (entry: Entry, presence: Presence): Entry => {
  const { gen, seq, online } = presence
  if (entry.onlineAt && isNewer(entry.onlineAt, presence)) return entry
  return { ...entry, online, onlineAt: { gen, seq } }
}
