/**
 * The clock of every figure, in ms: the machine's monotonic one, which all processes of this
 * machine share (`performance.now` counts from each process's own start).
 */
export const sharedNow = (): number => Number(process.hrtime.bigint()) / 1e6

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))
