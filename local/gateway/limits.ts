import { deployment } from '../../functions/deployment.ts'

/**
 * The cloud gateway's limits as one table, so that a test can shrink one of them and nothing else.
 * Where AWS publishes no number (marked) the value is a guess on the strict side.
 */
export const gatewayLimits = {
  /** Longest message, all its frames together (bytes); beyond it the connection closes with 1009. */
  messageBytes: 128 * 1024,
  /** Longest single frame (bytes); beyond it the connection closes with 1009. */
  frameBytes: 32 * 1024,
  /** A connection without data from its client is closed with 1001 after this (ms). */
  idleMs: 10 * 60_000,
  /** No connection lives longer than this (ms); it is closed with 1001. */
  lifetimeMs: 2 * 60 * 60_000,
  /** A Lambda's own time-out (ms): it ends then, and that counts as thrown. */
  handlerMs: deployment.handlerMs,
  /** A handler that has not answered after this (ms) counts as timed out. */
  integrationMs: 29_000,
  /** Messages of one connection that are worked on at once; beyond it the client is read no further. */
  messagesAtOnce: 8,
  /** Messages of everybody that are worked on at once; principals take turns. */
  allMessagesAtOnce: 16,
  /** Handshakes that are judged at once, and those that may wait; beyond them 429. */
  handshakesAtOnce: 64,
  handshakesWaiting: 1_000,
  /** Longest authorizer answer (bytes of JSON). */
  authorizerResultBytes: 8 * 1024,
  /** New connections a second, and as many at once. Only with `throttle`. */
  connectsPerSecond: 500,
  /**
   * Handshakes, messages and posts together a second. Only with `throttle`. In the cloud the account's
   * HTTP APIs take from it too; here theirs are left out.
   */
  requestsPerSecond: 10_000,
  /** How many of them may come at once on top of the rate. Only with `throttle`. */
  requestBurst: 5_000,
  /** Unsent bytes for one client from which posts to it are answered 429 (unpublished). */
  sendBufferBytes: 1024 * 1024,
  /** How long a closing handshake may take before the socket is cut (ms; unpublished). */
  closeGraceMs: 2_000,
} as const

export type GatewayLimits = { readonly [Name in keyof typeof gatewayLimits]: number }
