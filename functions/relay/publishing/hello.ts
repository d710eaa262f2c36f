import type { Hello } from '../../../protocol/hello.ts'
import { bytesOf } from '../../../protocol/parse-frame.ts'
import { limits } from '../../../protocol/limits.ts'
import { agentDisconnected } from '../connections/agent-disconnected.ts'
import { hwmOf, readHead, tellState } from '../past/append-events.ts'
import { readPrinter, standingOf } from './agent-token.ts'
import { audienceOf } from '../watching/audience.ts'
import { generationOfCaller, printerOfAgent, type Caller } from '../caller.ts'
import { all, greater, present } from '../table/condition.ts'
import { unknownConnection } from '../connections/connection-item.ts'
import { unstored, writeTaking } from '../limits/connection-rates.ts'
import { paceFor } from './demand.ts'
import { RelayError } from '../errors.ts'
import { fanOut } from '../watching/fan-out.ts'
import {
  confirmation,
  mayTakeOver,
  ownerIsStill,
  replaceDamaged,
  takeOver,
  withdrawal,
  type Claim,
} from './hello-claim.ts'
import { stateKey } from '../table/keys.ts'
import { answerNewerOwner } from './newer-owner.ts'
import type { Ports } from '../ports.ts'
import { endConnection, post, tryToEnd } from '../post.ts'
import { unlessDamaged, parseItem } from '../table/read-item.ts'
import { retireOlder } from './rotate-token.ts'
import { stateItemSchema, type StateItem } from './state-item.ts'

/** Takes a printer over for the agent that says hello (design §6, `hello`). */
export const hello = async (ports: Ports, caller: Caller, frame: Hello): Promise<void> => {
  const printerId = printerOfAgent(caller)
  refuseLargeState(frame.state, printerId)
  await noteInstance(ports, caller, frame)
  const { tok } = caller
  const standing = standingOf(await readPrinter(ports, printerId), tok, ports.now())
  if (tok === undefined || !standing.stands)
    return endConnection(ports, caller.connectionId, 'token_revoked')
  const { retireAt } = standing
  const gen = generationOfCaller(caller)
  const conn = caller.connectionId
  const claim: Claim = { printerId, gen, conn, tok, retireAt, hello: frame, now: ports.now() }
  const attempt = await attemptTakeOver(ports, claim)
  if (!attempt.taken) return answerRefused(ports, claim, attempt.stored)
  await settle(ports, claim, attempt.before)
}

export const refuseLargeState = (state: unknown, printerId: string): void => {
  const size = bytesOf(JSON.stringify(state))
  if (size <= limits.stateBytes) return
  const message = `The state has ${size} bytes, at most ${limits.stateBytes} are taken.`
  throw new RelayError('frame_too_large', message, { printerId })
}

/** Refuses a connection without its item; keeps who it is for when it is refused later. */
const noteInstance = async (ports: Ports, { connectionId }: Caller, frame: Hello) => {
  const when = all(present('pk'), greater('until', ports.now()))
  const change = { set: [['inst', frame.instance] as const] }
  if (await writeTaking(ports, connectionId, unstored, { change, when })) return
  throw unknownConnection()
}

type Attempt =
  | { readonly taken: true; readonly before: StateItem | undefined }
  | { readonly taken: false; readonly stored: StateItem }

/** Each refusal means that another hello or publish got in between, so this ends. */
const tries = 20

const attemptTakeOver = async (ports: Ports, claim: Claim): Promise<Attempt> => {
  const { printerId } = claim
  const key = stateKey(printerId)
  let refusedBy: StateItem | undefined
  for (let left = tries; left > 0; left--) {
    const found = await ports.live.get(key)
    const before = found && unlessDamaged(ports, () => parseItem(stateItemSchema, found))
    if (found && !before) {
      await ports.live.update(key, ...replaceDamaged(claim))
      return { taken: true, before: undefined }
    }
    // What was refused twice by the same owner is refused by the condition itself.
    if (before && refusedBy?.gen === before.gen) return { taken: false, stored: before }
    const when = all(mayTakeOver(claim), ownerIsStill(before))
    const outcome = await ports.live.update(key, takeOver(claim, before), when)
    if (outcome === 'done') return { taken: true, before }
    refusedBy = before
  }
  throw new RelayError('unavailable', 'Too many hellos at once: try again.', { printerId })
}

/** The token is read again after the claim was recorded: a revocation between cannot be missed. */
const settle = async (ports: Ports, claim: Claim, before: StateItem | undefined): Promise<void> => {
  const { printerId, gen, conn, tok } = claim
  const key = stateKey(printerId)
  const printer = await readPrinter(ports, printerId)
  const standing = standingOf(printer, tok, ports.now())
  if (!standing.stands) {
    await ports.live.update(key, ...withdrawal(gen))
    return endConnection(ports, conn, 'token_revoked')
  }
  if ((await ports.live.update(key, ...confirmation(claim, standing.retireAt))) === 'refused') {
    const stored = (await audienceOf(ports, printerId)).state
    if (stored?.gen !== gen || stored.st !== 'on') return answerRefused(ports, claim, stored)
  }
  await endOldOwner(ports, claim, before)
  await retireOlder(ports, printerId, printer, tok)
  await showAndWelcome(ports, claim)
}

/** The same process moved to a new connection, or another one took over. */
const endOldOwner = async (ports: Ports, { conn, hello }: Claim, before: StateItem | undefined) => {
  if (!before || before.conn === conn) return
  if (before.inst === hello.instance) return tryToEnd(ports, before.conn, 'replaced')
  return tryToEnd(ports, before.conn, 'superseded', hello.instance)
}

const showAndWelcome = async (ports: Ports, claim: Claim): Promise<void> => {
  const { printerId } = claim
  const head = await readHead(ports, printerId)
  const audience = await audienceOf(ports, printerId)
  // STATE is new, or a handler died between log and STATE.
  if (head.n > (audience.state?.ev ?? 0)) await tellState(ports, printerId, head)
  await fanOut(ports, printerId, audience.targets, [keyframeOf(claim, head.n)])
  const { seq } = claim.hello
  const welcome = {
    type: 'welcome',
    seq,
    hwm: hwmOf(head),
    ...paceFor(audience.targets.length),
  } as const
  if ((await post(ports, claim.conn, welcome)) === 'gone')
    await agentDisconnected(ports, printerId, claim.gen)
}

const keyframeOf = ({ printerId, gen, hello, now }: Claim, ev: number) =>
  ({
    type: 'state',
    kind: 'keyframe',
    printerId,
    gen,
    seq: hello.seq,
    k: hello.seq,
    mode: 'watched',
    interval: hello.interval,
    online: true,
    relayAt: now,
    agentNow: hello.agentNow,
    ev,
    full: hello.state,
  }) as const

/** Same connection: it is welcome when this very hello is stored, else another of it overtook. */
const answerRefused = async (
  ports: Ports,
  claim: Claim,
  stored: StateItem | undefined,
): Promise<void> => {
  if (stored === undefined) return
  if (stored.gen !== claim.gen)
    return answerNewerOwner(ports, claim.conn, claim.hello.instance, stored)
  if (stored.k === claim.hello.seq && stored.st === 'on') await showAndWelcome(ports, claim)
}
