import * as z from 'zod/mini'
import { millisecondsSchema } from '../../../protocol/ids.ts'
import { limits } from '../../../protocol/limits.ts'
import { timeOuts } from '../../../protocol/time-outs.ts'
import { shareOfGuest, type Caller } from '../caller.ts'
import {
  absent,
  all,
  any,
  equal,
  not,
  present,
  sizeAbove,
  type Condition,
} from '../table/condition.ts'
import { readConnection } from './connection-item.ts'
import { RelayError } from '../errors.ts'
import { expirySeconds, keptFor } from '../table/expiry.ts'
import { inParallel } from '../in-parallel.ts'
import { connectionKey, connectionsKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { readItem } from '../table/read-item.ts'

// One item lists the open connections of a principal, so that they can be counted and ended. A
// connection is listed before its own item is written, and leaves the list after its item is gone:
// what is not listed may say nothing, so whoever reads the list misses nobody who sees something.

const openConnectionsSchema = z.object({
  /** By connection: when the gateway has cut it for certain, ms since 1970. */
  conns: z.record(z.string(), millisecondsSchema),
})
type Open = z.infer<typeof openConnectionsSchema>['conns']

/** Whose list a connection is on: the guests of one share link have one together. */
export const whoseConnections = (principal: string): string => {
  const share = shareOfGuest(principal)
  return share === undefined ? principal : `share:${share}`
}

const mostOf = (principal: string): number =>
  shareOfGuest(principal) === undefined
    ? limits.connectionsPerPrincipal
    : limits.connectionsPerShare

/** The gateway cuts every connection after so long (ms), and its `$disconnect` may come late. */
const life = timeOuts.connectionLife + keptFor.connectionMargin

/** There is a list, and it has this connection already or a place for it. */
const roomFor = (connectionId: string, most: number): Condition =>
  all(present('conns'), any(present(['conns', connectionId]), not(sizeAbove('conns', most - 1))))
const noListYet: Condition = absent('pk')
/** The very entry that was found to be left over. */
const stillNoted = (connectionId: string, until: number): Condition =>
  equal(['conns', connectionId], until)

/** When somebody whose places are all taken may come again, ms: by then one may be free. */
const retryWhenFull = timeOuts.watchdog

/** Puts a connection on its principal's list, or refuses it when the list is full. */
export const noteConnection = async (
  ports: Ports,
  { connectionId, principal }: Pick<Caller, 'connectionId' | 'principal'>,
): Promise<void> => {
  const whose = whoseConnections(principal)
  const most = mostOf(principal)
  if (await noted(ports, { whose, connectionId, most })) return
  await prune(ports, whose)
  if (await noted(ports, { whose, connectionId, most })) return
  throw new RelayError(
    'too_many_connections',
    `${most} connections are open: close one, or try again in a minute.`,
    {},
    retryWhenFull,
  )
}

interface Noting {
  readonly whose: string
  readonly connectionId: string
  readonly most: number
}

const noted = async (ports: Ports, { whose, connectionId, most }: Noting): Promise<boolean> => {
  const key = connectionsKey(whose)
  const until = ports.now() + life
  const expiresAt = expirySeconds(until)
  const set = [[['conns', connectionId], until] as const, ['expiresAt', expiresAt] as const]
  const add = () => ports.live.update(key, { set }, roomFor(connectionId, most))
  if ((await add()) === 'done') return true
  const first = { ...key, conns: { [connectionId]: until }, expiresAt }
  if ((await ports.live.put(first, noListYet)) === 'done') return true
  // Somebody else made the list meanwhile, or it is full.
  return (await add()) === 'done'
}

const looksAtOnce = 8

/** Takes those off the list that ended without a `$disconnect`. */
const prune = async (ports: Ports, whose: string): Promise<void> => {
  const open = Object.entries(await readOpen(ports, whose))
  await inParallel(open, looksAtOnce, async ([connectionId, until]) => {
    if (await mayLive(ports, connectionId, until)) return
    // First what lets it say something: what is not listed may not.
    await ports.live.delete(connectionKey(connectionId))
    const change = { remove: [['conns', connectionId] as const] }
    await ports.live.update(connectionsKey(whose), change, stillNoted(connectionId, until))
  })
}

/**
 * Also the one whose `$connect` is still at work: it ends within its time, and the gateway does not
 * know it before. `$disconnect` is best effort, so the gateway itself is asked for the others.
 */
const mayLive = async (ports: Ports, connectionId: string, until: number): Promise<boolean> => {
  const now = ports.now()
  if (until <= now) return false
  if (until - life + timeOuts.pendingSubscription > now) return true
  if ((await readConnection(ports, connectionId)) === undefined) return false
  return ports.sender.isOpen(connectionId)
}

/** Takes an ended connection off the list. */
export const forgetConnection = async (
  ports: Ports,
  { connectionId, principal }: Pick<Caller, 'connectionId' | 'principal'>,
): Promise<void> => {
  const change = { remove: [['conns', connectionId] as const] }
  const key = connectionsKey(whoseConnections(principal))
  await ports.live.update(key, change, present(['conns', connectionId]))
}

const readOpen = async (ports: Ports, whose: string): Promise<Open> =>
  (await readItem(ports.live, openConnectionsSchema, connectionsKey(whose)))?.conns ?? {}

/**
 * Every connection of `whose` (a principal, or `share:<hash>` for all guests of a link) that may be
 * open, read consistently; some of them may have ended.
 */
export const connectionsOf = async (ports: Ports, whose: string): Promise<string[]> =>
  Object.keys(await readOpen(ports, whose))
