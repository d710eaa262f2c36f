import type { Clock } from '../../../agent/clock.ts'

interface Timer {
  readonly due: number
  readonly run: () => void
}

export interface HandClock extends Clock {
  /** Lets time pass, timer by timer; between two, whatever was promised gets its turn. */
  advance(ms: number): Promise<void>
  readonly timers: number
}

/** One turn of the real event loop: promises and streams in memory settle in it. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A clock that moves only when it is told to. */
export const handClock = (): HandClock => {
  let now = 1000
  const timers = new Set<Timer>()
  const earliest = () => [...timers].sort((a, b) => a.due - b.due)[0]
  return {
    now: () => 1_800_000_000_000 + now,
    monotonic: () => now,
    after: (ms, run) => {
      const timer = { due: now + ms, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    get timers() {
      return timers.size
    },
    advance: async (ms) => {
      const end = now + ms
      await settle()
      for (let next = earliest(); next && next.due <= end; next = earliest()) {
        timers.delete(next)
        now = Math.max(now, next.due)
        next.run()
        await settle()
      }
      now = end
      await settle()
    },
  }
}
