import type { LoggedEvent } from '../../../protocol/printer-event.ts'
import type { Publish } from '../../../protocol/publish.ts'
import type { RelayToViewer } from '../../../protocol/relay-to-viewer.ts'
import { appendEvents, eventsOf, hwmOf, readHead, type Appended } from '../past/append-events.ts'
import { tokenStands } from './agent-token.ts'
import { audienceOf, type Audience } from '../watching/audience.ts'
import { generationOfCaller, printerOfAgent, type Caller } from '../caller.ts'
import { readConnection } from '../connections/connection-item.ts'
import { paceFor } from './demand.ts'
import { highWaterOf } from '../past/event-item.ts'
import { fanOut } from '../watching/fan-out.ts'
import { refuseLargeState } from './hello.ts'
import { answerNewerOwner } from './newer-owner.ts'
import type { Ports } from '../ports.ts'
import { endConnection, post } from '../post.ts'
import type { Refusal } from './publish-conditions.ts'
import type { StateItem } from './state-item.ts'
import { endIfRetired } from './rotate-token.ts'
import { storeState, type Published, type Refused } from './store-state.ts'
import { storeHistory } from '../past/store-history.ts'

/** Stores and fans out one state frame and its events (design §6, `publish`). */
export const publish = async (ports: Ports, caller: Caller, frame: Publish): Promise<void> => {
  const printerId = printerOfAgent(caller)
  refuseLargeState(frame.full ?? frame.patch, printerId)
  const now = ports.now()
  const published = { printerId, caller, frame, now }
  const refused = await storeState(ports, published)
  // A stored state proves the token; a revoked agent that owns nothing is known only by asking.
  const { tok } = caller
  const keepsMore = (frame.events?.length ?? 0) > 0 || frame.history !== undefined
  if (refused && keepsMore && !(await tokenStands(ports, printerId, tok)))
    return endConnection(ports, caller.connectionId, 'token_revoked')
  const appended = frame.events?.length
    ? await appendEvents(ports, printerId, eventsOf(frame.events, now))
    : undefined
  if (refused) await answerRefused(ports, published, refused, appended)
  else await show(ports, published, appended)
  ports.metrics.observe('fluxrelay_fan_out_ms', ports.now() - now)
}

const show = async (ports: Ports, published: Published, appended: Appended | undefined) => {
  ports.metrics.count('fluxrelay_publishes_total', 1, 'stored')
  const { printerId, frame } = published
  const audience = await audienceOf(ports, printerId)
  const ev = Math.max(appended?.head.n ?? 0, audience.state?.ev ?? 0)
  const frames = [...eventFrames(appended), stateFrame(published, ev)]
  await fanOut(ports, printerId, audience.targets, frames)
  const kept = await keepHistory(ports, published, audience.state)
  const seq = kept ? frame.seq : noState
  if ((frame.ack && kept) || appended) await acknowledge(ports, published, seq, audience, appended)
  else if (frame.mode === 'idle' && audience.targets.length > 0)
    await post(ports, published.caller.connectionId, {
      type: 'demand',
      ...paceFor(audience.targets.length),
    })
}

const eventFrames = (appended: Appended | undefined): RelayToViewer[] =>
  (appended?.added ?? []).map((event: LoggedEvent) => ({ type: 'event', ...event }))

const stateFrame = ({ printerId, caller, frame, now }: Published, ev: number): RelayToViewer => {
  const { seq, mode, interval, agentNow, full, k, patch } = frame
  const gen = generationOfCaller(caller)
  const standing = { printerId, gen, seq, mode, interval, online: true, relayAt: now, agentNow, ev }
  if (full) return { type: 'state', kind: 'keyframe', ...standing, k: seq, full }
  return { type: 'state', kind: 'delta', ...standing, k: k ?? seq, patch: patch ?? {} }
}

/** Says what is stored: `seq` of this generation, the log's marks, and who watches. */
const acknowledge = async (
  ports: Ports,
  { printerId, caller }: Published,
  seq: number,
  audience: Audience,
  appended: Appended | undefined,
): Promise<void> => {
  const stored = audience.state?.hwm
  const head = appended?.head ?? (stored ? undefined : await readHead(ports, printerId))
  const hwm = head ? hwmOf(head) : highWaterOf(stored ?? [])
  await post(ports, caller.connectionId, {
    type: 'ack',
    seq,
    hwm,
    ...paceFor(audience.targets.length),
  })
}

/** The seq of an ack for events alone: below every publish, so that it acknowledges no keyframe. */
const noState = 1

const answerRefused = async (
  ports: Ports,
  published: Published,
  { refusal, stored }: Refused,
  appended: Appended | undefined,
): Promise<void> => {
  const { printerId, caller, frame } = published
  const kept = await keepHistory(ports, published, stored)
  const whole = kept && refusal === 'overtaken'
  const wantsAck = appended !== undefined || (frame.ack === true && whole)
  if (wantsAck) {
    const audience = await audienceOf(ports, printerId)
    await fanOut(ports, printerId, audience.targets, eventFrames(appended))
    // Its own seq, though a newer is stored: of what that one carried nothing may be said here.
    const seq = whole ? frame.seq : noState
    await acknowledge(ports, published, seq, audience, appended)
  }
  if (refusal === 'newer owner' && stored) {
    const connection = await readConnection(ports, caller.connectionId)
    return answerNewerOwner(ports, caller.connectionId, connection?.inst, stored)
  }
  if (refusal === 'retired' && stored && (await endIfRetired(ports, printerId, stored))) return
  await answerOwner(ports, caller, refusal)
}

const answerOwner = async (ports: Ports, { connectionId }: Caller, refusal: Refusal) => {
  // A token that stands after all: only the mark in STATE was wrong.
  const resync = refusal === 'resync' || refusal === 'retired'
  ports.metrics.count('fluxrelay_publishes_total', 1, resync ? 'resync' : 'dropped')
  if (resync) await post(ports, connectionId, { type: 'resync' })
}

/**
 * Before the ack: an agent forgets a chunk when the frame that carried it is answered. Answers
 * whether the frame's history is stored, if it has any. Who sent it stands in STATE while the sender
 * owns it, else in the connection's item; that can be gone although the connection lives, where the
 * gateway once said so by mistake.
 */
const keepHistory = async (
  ports: Ports,
  { printerId, caller, frame }: Published,
  state: StateItem | undefined,
): Promise<boolean> => {
  if (!frame.history) return true
  const owned = state?.gen === generationOfCaller(caller) ? state.inst : undefined
  const instance = owned ?? (await readConnection(ports, caller.connectionId))?.inst
  if (instance === undefined) return false
  await storeHistory(ports, printerId, instance, frame.history)
  return true
}
