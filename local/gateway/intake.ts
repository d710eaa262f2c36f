export interface IntakeDeps {
  /** How many run at once. */
  readonly atOnce: number
  /** Stops and resumes the reading of what more there is to run. */
  readonly pause: () => void
  readonly resume: () => void
}

/**
 * Runs the messages of one connection, so many at once. What comes meanwhile waits, and the client's
 * socket is not read until it is done: so a flood fills the client's own buffers and not ours, and
 * takes no more of the relay than its share.
 */
export const createIntake = ({ atOnce, pause, resume }: IntakeDeps) => {
  const waiting: (() => void)[] = []
  let running = 0

  const turn = (): Promise<void> | undefined => {
    running += 1
    if (running <= atOnce) return undefined
    if (waiting.length === 0) pause()
    return new Promise((resolve) => waiting.push(resolve))
  }

  const leave = (): void => {
    running -= 1
    const next = waiting.shift()
    if (next === undefined) return
    if (waiting.length === 0) resume()
    next()
  }

  return {
    /** Resolves or rejects as the work does. */
    async run(work: () => Promise<void>): Promise<void> {
      await turn()
      try {
        await work()
      } finally {
        leave()
      }
    },
  }
}
