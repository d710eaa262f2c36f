export interface IntakeDeps {
  /** How many run at once. */
  readonly atOnce: number
  /** Stops and resumes the reading of what more there is to run. */
  readonly pause?: () => void
  readonly resume?: () => void
}

/**
 * Runs so many works at once; what comes meanwhile waits in turn. For the messages of one connection
 * the client's socket is not read while one waits: so a flood fills the client's own buffers and not
 * ours, and takes no more of the relay than its share.
 */
export const createIntake = ({ atOnce, pause, resume }: IntakeDeps) => {
  const waiting: (() => void)[] = []
  let running = 0

  const turn = (): Promise<void> | undefined => {
    running += 1
    if (running <= atOnce) return undefined
    if (waiting.length === 0) pause?.()
    return new Promise((resolve) => waiting.push(resolve))
  }

  const leave = (): void => {
    running -= 1
    const next = waiting.shift()
    if (next === undefined) return
    if (waiting.length === 0) resume?.()
    next()
  }

  return {
    waiting: () => waiting.length,
    /** Resolves or rejects as the work does. */
    async run<T>(work: () => Promise<T>): Promise<T> {
      await turn()
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
