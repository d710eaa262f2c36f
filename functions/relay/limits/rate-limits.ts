import type { Bucket } from './rate-limit.ts'

const second = 1000
const minute = 60 * second

/** Every rate that is limited: so many at once, and one more each so many ms. One table; docs read it. */
export const rateLimits = {
  /** Tickets of one person or guest: a page takes one for each connection and renewal. */
  tickets: { everyMs: 4 * second, burst: 30 },
  /** Handshakes of one person, guest or agent that got past their ticket or token. */
  connects: { everyMs: 4 * second, burst: 30 },
  /** Subscribes and syncs of one connection; a page subscribes to all its printers at once. */
  asks: { everyMs: 500, burst: 140 },
  /** State frames of one printer that are stored: an agent sends one a second. */
  publishes: { everyMs: 200, burst: 25 },
  /** Hellos of one agent's connection, and its frames that are not stored. */
  unstored: { everyMs: second, burst: 30 },
  /** Pairing codes asked for by one person. */
  codes: { everyMs: minute, burst: 10 },
  /** Tries of a pairing code, from one address and by everybody. */
  pairing: { everyMs: minute, burst: 5 },
  pairingOfAll: { everyMs: 2 * second, burst: 60 },
  /** Tries of a share link's or an invitation's secret, from one address and by everybody. */
  redeeming: { everyMs: 5 * second, burst: 30 },
  redeemingOfAll: { everyMs: 100, burst: 600 },
  /** Changes of sites, people, links and printers by one person. */
  changes: { everyMs: 2 * second, burst: 60 },
} as const satisfies Record<string, Bucket>
