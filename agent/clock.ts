/** Time as the agent sees it; tests run it by hand. Nothing but main.ts makes a real one. */
export interface Clock {
  /**
   * Wall clock, ms since 1970. It may jump: only for what outlives this start (kept events and
   * history, whose age no other clock can tell), and beside the other one to notice a sleep.
   */
  now(): number
  /** Never goes back, ms since some start: every duration is counted with it. */
  monotonic(): number
  /** Calls `run` once after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void
}
