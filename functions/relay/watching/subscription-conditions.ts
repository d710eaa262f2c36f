import { limits } from '../../../protocol/limits.ts'
import {
  absent,
  all,
  any,
  atLeast,
  equal,
  greater,
  less,
  not,
  present,
  sizeAbove,
  type Condition,
} from '../table/condition.ts'

/** The highest rid decides, whatever the order of arrival; a tombstone counts too. */
export const higherRid = (rid: number): Condition => any(absent('rid'), less('rid', rid))

/** The same where an entry is there; it makes none. */
export const lowerRidThere = (rid: number): Condition => less('rid', rid)

/** Still the entry that this subscribe made. */
export const sameRid = (rid: number): Condition => equal('rid', rid)

/** Its own pending entry, neither overtaken nor revoked, within the life of a handler. */
export const stillPending = (rid: number, now: number): Condition =>
  all(sameRid(rid), equal('st', 'pending'), greater('until', now))

/**
 * On, not run out, and by no share link that ends before the renewed lease would: its viewer is
 * told that it is missing, subscribes anew, and gets what is left.
 */
export const renewable = (now: number, until: number): Condition =>
  all(
    equal('st', 'on'),
    greater('until', now),
    any(absent('grantUntil'), atLeast('grantUntil', until)),
  )

/** The connection lives and has a place left, or has this printer already. */
export const roomForPrinter = (printerId: string, now: number): Condition =>
  all(
    present('pk'),
    greater('until', now),
    any(present(['subs', printerId]), not(sizeAbove('subs', limits.subscriptions - 1))),
  )

/** What the connection noted is older than this unsubscribe. */
export const notedBefore = (printerId: string, rid: number): Condition =>
  less(['subs', printerId], rid)

/** What the connection noted is this very subscribe. */
export const notedAs = (printerId: string, rid: number): Condition =>
  equal(['subs', printerId], rid)
