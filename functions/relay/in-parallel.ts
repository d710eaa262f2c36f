/** Runs `task` for every value, at most `width` at once; ends when the last one ended. */
export const inParallel = async <T>(
  values: readonly T[],
  width: number,
  task: (value: T) => Promise<void>,
): Promise<void> => {
  const left = values.values()
  const worker = async (): Promise<void> => {
    for (const value of left) await task(value)
  }
  await Promise.all(Array.from({ length: Math.min(width, values.length) }, worker))
}
