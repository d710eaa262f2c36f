/** The cloud's limits for HTTP APIs as one table. */
export const httpApiLimits = {
  /** Longest request body (bytes); beyond it 413. */
  requestBytes: 10 * 1024 * 1024,
  /** Longest answer of a Lambda (bytes of JSON); beyond it 500. */
  responseBytes: 6 * 1024 * 1024,
  /** A handler that has not answered after this (ms) is given up with 503. */
  integrationMs: 30_000,
} as const

export type HttpApiLimits = { readonly [Name in keyof typeof httpApiLimits]: number }
