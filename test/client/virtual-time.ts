import type { Clock } from '../../client/deps.ts'

interface Due {
  readonly at: number
  readonly order: number
  readonly fn: () => void
}

/** A clock that moves only when told, with all that was due on the way, in order. */
export interface VirtualTime extends Clock {
  /** Moves on by `ms`, letting promises settle after each timer. */
  pass(ms: number): Promise<void>
  /** The machine sleeps: the wall clock goes on, timers and the monotonic clock do not. */
  sleep(ms: number): void
  readonly pending: () => number
}

/** Promise chains of the client are shorter than this many turns. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve()
}

export const virtualTime = (wallStart = 1_700_000_000_000): VirtualTime => {
  let monotonic = 1_000
  let wall = wallStart
  let order = 0
  let dues: Due[] = []
  const moveTo = (at: number) => {
    wall += at - monotonic
    monotonic = at
  }
  const next = () => dues.reduce<Due | undefined>((a, b) => (a && sooner(a, b) ? a : b), undefined)
  return {
    now: () => wall,
    monotonic: () => monotonic,
    after: (ms, fn) => {
      const due = { at: monotonic + Math.max(0, Math.ceil(ms)), order: order++, fn }
      dues.push(due)
      return () => {
        dues = dues.filter((other) => other !== due)
      }
    },
    pass: async (ms) => {
      const until = monotonic + ms
      await settle()
      for (let due = next(); due && due.at <= until; due = next()) {
        const now = due
        dues = dues.filter((other) => other !== now)
        moveTo(Math.max(now.at, monotonic))
        now.fn()
        await settle()
      }
      moveTo(until)
    },
    sleep: (ms) => {
      wall += ms
    },
    pending: () => dues.length,
  }
}

const sooner = (a: Due, b: Due) => a.at < b.at || (a.at === b.at && a.order < b.order)
