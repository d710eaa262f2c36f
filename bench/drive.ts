import { sharedNow, sleep } from './bench-clock.ts'
import type { Measured } from './measured-relay.ts'

/** CPU of this process, user and system, in ms. */
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/**
 * Changes the value `count` times, once in each of the agent's readings and at a random moment
 * between two, so that the polling wait is spread as in life. Answers the CPU (ms) it took.
 */
export const drive = async (
  { job, octoPrint, trace }: Measured,
  { from, count, pace }: { from: number; count: number; pace: number },
): Promise<number> => {
  const before = cpuMs()
  for (let value = from; value < from + count; value++) {
    await sleep(Math.random() * pace * 0.8)
    const read = octoPrint.requests.next('/api/job')
    trace.note(value, 'set', job.set(value))
    await read
  }
  // What was read last needs its way through before the next figures begin.
  await sleep(2 * pace)
  return cpuMs() - before
}

/** CPU (ms per ms) of the same process while the agent reads and nothing changes. */
export const idleShare = async (lengthMs: number): Promise<number> => {
  const [cpu, at] = [cpuMs(), sharedNow()]
  await sleep(lengthMs)
  return (cpuMs() - cpu) / (sharedNow() - at)
}
