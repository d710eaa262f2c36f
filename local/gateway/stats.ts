/** Counts since the start, and how many connections stand now; for metrics and tests. */
export interface GatewayStats {
  readonly connections: number
  readonly connected: number
  readonly refused: number
  readonly messages: number
  readonly posts: number
  readonly postsGone: number
  readonly postsLimited: number
  readonly handlerFailures: number
  /** The floor for the next start (ms since 1970). */
  readonly lastConnectedAt: number
}

export type Counts = {
  -readonly [Name in Exclude<keyof GatewayStats, 'connections' | 'lastConnectedAt'>]: number
}

export const noCounts = (): Counts => ({
  connected: 0,
  refused: 0,
  messages: 0,
  posts: 0,
  postsGone: 0,
  postsLimited: 0,
  handlerFailures: 0,
})
