import { describe, expect, it } from 'vitest'
import { watchForSleep } from '../../protocol/sleep.ts'
import { handClock } from '../agent/support/hand-clock.ts'

const watching = () => {
  const steady = handClock()
  let ahead = 0
  let woken = 0
  const clock = { ...steady, now: () => steady.now() + ahead }
  const stop = watchForSleep(clock, () => (woken += 1))
  return { steady, stop, woken: () => woken, sleep: (ms: number) => (ahead += ms) }
}

describe('the watch for sleep', () => {
  it('notices within 10 s that the wall clock went on alone, and once for each sleep', async () => {
    const { steady, woken, sleep } = watching()
    await steady.advance(60_000)
    sleep(60_000)
    await steady.advance(10_000)
    expect(woken()).toBe(1)
    await steady.advance(60_000)
    expect(woken()).toBe(1)
  })

  it('takes a clock that is set back, or a little late, for no sleep', async () => {
    const { steady, woken, sleep } = watching()
    sleep(-3_600_000)
    await steady.advance(10_000)
    sleep(5_000)
    await steady.advance(20_000)
    expect(woken()).toBe(0)
  })

  it('leaves no timer when it is stopped', async () => {
    const { steady, stop } = watching()
    await steady.advance(30_000)
    stop()
    expect(steady.timers).toBe(0)
  })
})
