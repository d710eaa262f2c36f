/**
 * Runs `task` for every value, at most `width` at once; ends when the last one ended. After a
 * failure none begins any more, and it rejects when those that had begun are through: what a
 * Lambda leaves running at its answer is frozen.
 */
export const inParallel = async <T>(
  values: readonly T[],
  width: number,
  task: (value: T) => Promise<void>,
): Promise<void> => {
  const left = values.values()
  let failed = false
  const worker = async (): Promise<void> => {
    for (const value of left) {
      if (failed) return
      try {
        await task(value)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const workers = Array.from({ length: Math.min(width, values.length) }, worker)
  rejectFirst(await Promise.allSettled(workers))
}

/** The same, but each is tried whatever became of those before it; then rejects as the first did. */
export const inParallelEach = async <T>(
  values: readonly T[],
  width: number,
  task: (value: T) => Promise<void>,
): Promise<void> => {
  const ends: PromiseSettledResult<void>[] = []
  await inParallel(values, width, async (value) => {
    ends.push(...(await Promise.allSettled([task(value)])))
  })
  rejectFirst(ends)
}

const rejectFirst = (ends: readonly PromiseSettledResult<void>[]): void => {
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
