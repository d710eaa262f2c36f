import type { Clock } from './deps.ts'
import { watchForSleep } from '../protocol/sleep.ts'

/** A hidden page keeps its subscriptions so long, ms (design §8). */
const hiddenGrace = 60_000
/** What waited while the machine slept arrives within so long, ms: all of it is one waking. */
const oneWaking = 10_000

export interface AttentionDeps {
  readonly clock: Clock
  /** The page falls asleep, or is seen again. */
  readonly slept: (asleep: boolean) => void
  /** The machine slept: what was learnt of the relay's clock may make old data young. */
  readonly doubtClock: () => void
  /** The link may be dead, and data old: ask for both. */
  readonly lookAround: () => void
  /** There is reason to try at once instead of waiting. */
  readonly hurry: () => void
}

/** Whether anybody looks at the page, and whether the machine itself was awake. */
export interface Attention {
  start(): void
  /** Whether the page is seen. */
  looking(): boolean
  /** Unseen for so long that nothing is subscribed to any more. */
  asleep(): boolean
  setVisible(visible: boolean): void
  /** A frame shows that the machine slept, and no clock of it did. */
  woken(): void
  stop(): void
}

export const createAttention = (deps: AttentionDeps): Attention => {
  const { clock } = deps
  let hidden = false
  let asleep = false
  let lookedAroundAt = -Infinity
  let cancelSleep = () => {}
  let cancelWatch = () => {}

  const sleep = (now: boolean) => {
    if (asleep === now) return
    asleep = now
    deps.slept(now)
  }
  /** Once for all frames that waited for the machine to wake. */
  const woken = () => {
    const now = clock.monotonic()
    if (asleep || now - lookedAroundAt < oneWaking) return
    lookedAroundAt = now
    deps.lookAround()
  }
  const machineWoke = () => {
    // Also asleep: what is believed of that clock must not outlast the night.
    deps.doubtClock()
    lookedAroundAt = -Infinity
    woken()
  }
  const plan = () => {
    cancelSleep = clock.after(hiddenGrace, () => sleep(true))
  }
  const stop = () => {
    cancelSleep()
    cancelWatch()
  }
  return {
    start: () => {
      stop()
      cancelWatch = watchForSleep(clock, machineWoke)
      if (hidden) plan()
    },
    looking: () => !hidden,
    asleep: () => asleep,
    setVisible: (visible) => {
      hidden = !visible
      cancelSleep()
      if (hidden) return plan()
      sleep(false)
      deps.hurry()
    },
    woken,
    stop,
  }
}
