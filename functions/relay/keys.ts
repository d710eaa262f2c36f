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
