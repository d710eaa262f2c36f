export interface IntakeDeps {
  /** How many run at once. */
  readonly atOnce: number
  /** Stops and resumes the reading of what more there is to run. */
  readonly pause?: () => void
  readonly resume?: () => void
}

/**
 * Runs so many works at once; what comes meanwhile waits, and those who wait take turns, however much
 * one of them has. For the messages of one connection the client's socket is not read while one
 * waits: so a flood fills the client's own buffers and not ours.
 */
export const createIntake = ({ atOnce, pause, resume }: IntakeDeps) => {
  /** In the order of their turns. */
  const queues = new Map<string, (() => void)[]>()
  let running = 0
  let waiting = 0

  const turn = (who: string): Promise<void> | undefined => {
    if (running < atOnce) {
      running += 1
      return undefined
    }
    waiting += 1
    if (waiting === 1) pause?.()
    return new Promise((resolve) => {
      const queue = queues.get(who)
      if (queue) queue.push(resolve)
      else queues.set(who, [resolve])
    })
  }

  /** Hands the place on to who is next, who goes to the end of the row with what they have left. */
  const leave = (): void => {
    const [who, queue] = queues.entries().next().value ?? ['', []]
    const next = queue.shift()
    if (next === undefined) {
      running -= 1
      return
    }
    queues.delete(who)
    if (queue.length > 0) queues.set(who, queue)
    waiting -= 1
    if (waiting === 0) resume?.()
    next()
  }

  return {
    waiting: () => waiting,
    /** Resolves or rejects as the work does. */
    async run<T>(work: () => Promise<T>, who = ''): Promise<T> {
      await turn(who)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
