/** Runs something later. The answer cancels it; cancelling what has run does nothing. */
export interface Timers {
  after(ms: number, run: () => void): () => void
}

/** The process's own timers. They never keep the process alive: stopping is the caller's decision. */
export const realTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
