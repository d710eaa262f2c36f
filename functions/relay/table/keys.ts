import type { Key } from './table.ts'

/** Width of every number that is part of a key, so that text order is number order. */
const digits = 13
const padded = (number: number): string => String(number).padStart(digits, '0')

export const subscriptionPrefix = 'SUB#'

// live
export const printerPartition = (printerId: string): string => `P#${printerId}`
export const stateKey = (printerId: string): Key => ({
  pk: printerPartition(printerId),
  sk: 'STATE',
})
export const subscriptionKey = (printerId: string, connectionId: string): Key => ({
  pk: printerPartition(printerId),
  sk: `${subscriptionPrefix}${connectionId}`,
})
export const connectionOfSubscription = ({ sk }: Key): string => sk.slice(subscriptionPrefix.length)
export const connectionKey = (connectionId: string): Key => ({ pk: `C#${connectionId}`, sk: 'C' })
export const ticketKey = (hash: string): Key => ({ pk: `K#${hash}`, sk: 'K' })
/** When a rate limit's bucket is full again; `who` says whose it is and of what. */
export const bucketKey = (who: string): Key => ({ pk: `B#${who}`, sk: 'B' })
/** The open connections of one principal, or of all guests of one share link. */
export const connectionsKey = (whose: string): Key => ({ pk: `L#${whose}`, sk: 'L' })
export const pairingKey = (hash: string): Key => ({ pk: `R#${hash}`, sk: 'R' })
export const guestTokenKey = (hash: string): Key => ({ pk: `G#${hash}`, sk: 'G' })
export const printerOfState = ({ pk }: Key): string => pk.slice('P#'.length)

// directory
export const sitePartition = (siteId: string): string => `S#${siteId}`
export const personPartition = (principal: string): string => `U#${principal}`
export const siteKey = (siteId: string): Key => ({ pk: sitePartition(siteId), sk: 'SITE' })
export const printerKey = (printerId: string): Key => ({
  pk: printerPartition(printerId),
  sk: 'PRINTER',
})
export const printerOfSiteKey = (siteId: string, printerId: string): Key => ({
  pk: sitePartition(siteId),
  sk: `P#${printerId}`,
})
export const siteOfPersonKey = (principal: string, siteId: string): Key => ({
  pk: personPartition(principal),
  sk: `S#${siteId}`,
})
export const printerOfPersonKey = (principal: string, printerId: string): Key => ({
  pk: personPartition(principal),
  sk: `P#${printerId}`,
})
/** Who somebody of a site is, for people who read its list. */
export const personOfSiteKey = (siteId: string, principal: string): Key => ({
  pk: sitePartition(siteId),
  sk: `U#${principal}`,
})
/** A share link, by the SHA-256 of its secret. */
export const shareKey = (hash: string): Key => ({ pk: `H#${hash}`, sk: 'SHARE' })
export const shareOfSiteKey = (siteId: string, hash: string): Key => ({
  pk: sitePartition(siteId),
  sk: `H#${hash}`,
})
/** An invitation, by the SHA-256 of its secret. */
export const invitationKey = (hash: string): Key => ({ pk: `I#${hash}`, sk: 'INVITATION' })
export const invitationOfSiteKey = (siteId: string, hash: string): Key => ({
  pk: sitePartition(siteId),
  sk: `I#${hash}`,
})
/** From when on sign-ins of a person count. */
export const sessionsKey = (principal: string): Key => ({
  pk: personPartition(principal),
  sk: 'SESSIONS',
})
export const auditPartition = (siteId: string): string => `A#${siteId}`
export const auditKey = (siteId: string, at: number, id: string): Key => ({
  pk: auditPartition(siteId),
  sk: `${padded(at)}#${id}`,
})
/** The id in the sort key of a mirror. */
export const mirroredId = ({ sk }: Key): string => sk.slice(2)

export const logPartition = (printerId: string): string => `E#${printerId}`
export const eventKey = (printerId: string, n: number): Key => ({
  pk: logPartition(printerId),
  sk: padded(n),
})
export const printPartition = (printerId: string): string => `J#${printerId}`
/** A print's record, under the number of the event that it began with. */
export const printKey = (printerId: string, n: number): Key => ({
  pk: printPartition(printerId),
  sk: padded(n),
})

export const historyPartition = (printerId: string): string => `T#${printerId}`
/** Within this (ms), chunks are in no order. */
const historyShelf = 60 * 60_000
/** Where the chunks that began at `at` (ms since 1970) or later are. */
export const historyFrom = (at: number): string =>
  padded(Math.floor(Math.max(0, at) / historyShelf) * historyShelf)
export const historyKey = (
  printerId: string,
  t0: number,
  instance: string,
  chunk: number,
): Key => ({
  pk: historyPartition(printerId),
  sk: `${historyFrom(t0)}#${instance}#${padded(chunk)}`,
})
/** The `m` of a relay event: ordered as text. */
export const silenceMark = (gen: string, seenAt: number): string => `${gen}#${padded(seenAt)}`
