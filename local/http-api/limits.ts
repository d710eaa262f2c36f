import { deployment } from '../../functions/deployment.ts'

/** The cloud's limits for HTTP APIs as one table. */
export const httpApiLimits = {
  /** Longest request body (bytes); beyond it 413. */
  requestBytes: 10 * 1024 * 1024,
  /** Longest answer of a Lambda (bytes of JSON); beyond it 500. */
  responseBytes: 6 * 1024 * 1024,
  /** A Lambda's own time-out (ms): it ends then, and that counts as thrown. */
  handlerMs: deployment.handlerMs,
  /** A handler that has not answered after this (ms) is given up with 503. */
  integrationMs: 30_000,
  /** Handlers that run at once. The cloud's is an account's; here one process serves everybody. */
  handlersAtOnce: 64,
  /** Requests that may wait for one; beyond it 503, so that nobody's flood delays everybody's frames. */
  handlersWaiting: 1_000,
} as const

export type HttpApiLimits = { readonly [Name in keyof typeof httpApiLimits]: number }
