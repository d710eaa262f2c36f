import type { Random } from './random.ts'
import type { Trace } from './trace.ts'

/**
 * Virtual time, and the only source of it: whatever happens later is a step here. Between two steps
 * every promise settles, so nothing overlaps that the loop did not order.
 */
export interface Loop {
  /** Virtual ms since the run began; fractions tell steps apart. */
  now(): number
  /** Runs `step` once, `ms` later; the answer cancels it. Equal times go in a random order. */
  after(ms: number, label: string, step: () => void): () => void
  /** Real I/O of a step: no next step begins before its promise has settled. */
  outside<T>(work: () => Promise<T>): Promise<T>
  /** Goes on until then, until nothing is left to do, or until `stop`. */
  runUntil(at: number): Promise<void>
  stop(): void
  readonly stopped: boolean
  readonly pending: number
}

interface Step {
  readonly at: number
  readonly tie: number
  readonly label: string
  run: () => void
  cancelled: boolean
}

const nothing = () => {}

const sooner = (a: Step, b: Step) => a.at < b.at || (a.at === b.at && a.tie < b.tie)

export const createLoop = (
  random: Random,
  trace: Trace,
  failed: (error: unknown) => void,
): Loop => {
  const heap: Step[] = []
  let now = 0
  let live = 0
  let stopped = false
  let outstanding = 0
  let resume: (() => void) | undefined

  /** Not a timer: it comes when every promise has settled and nothing outside is under way. */
  const whenQuiet = (next: () => void) => {
    setImmediate(() => {
      if (outstanding === 0) next()
      else resume = () => whenQuiet(next)
    })
  }
  const back = () => {
    if (--outstanding > 0 || !resume) return
    const next = resume
    resume = undefined
    next()
  }
  const push = (step: Step) => {
    let at = heap.push(step) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above] as Step
      if (!sooner(step, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = step
  }
  const pop = (): Step | undefined => {
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && sooner(heap[child + 1] as Step, heap[child] as Step)) child++
      if (!sooner(heap[child] as Step, last)) break
      heap[at] = heap[child] as Step
      at = child
    }
    heap[at] = last
    return first
  }
  const nextBefore = (until: number): Step | undefined => {
    for (let first = heap[0]; first !== undefined && first.at <= until; first = heap[0]) {
      pop()
      if (!first.cancelled) return first
    }
    return undefined
  }
  return {
    now: () => now,
    after: (ms, label, run) => {
      const at = now + Math.max(0, ms)
      const step: Step = { at, tie: random.next(), label, run, cancelled: false }
      push(step)
      live++
      return () => {
        if (!step.cancelled) live--
        step.cancelled = true
        // It stays in the heap until its time: what it would have run must not.
        step.run = nothing
      }
    },
    outside: async (work) => {
      outstanding++
      try {
        return await work()
      } finally {
        back()
      }
    },
    runUntil: (until) =>
      new Promise<void>((done) => {
        const go = () => {
          const step = stopped ? undefined : nextBefore(until)
          if (step === undefined) {
            if (!stopped) now = Math.max(now, until)
            return done()
          }
          // Cancelling what has run is nothing.
          step.cancelled = true
          live--
          now = step.at
          trace.add(now, step.label)
          try {
            step.run()
          } catch (error) {
            failed(error)
          }
          whenQuiet(go)
        }
        whenQuiet(go)
      }),
    stop: () => {
      stopped = true
    },
    get stopped() {
      return stopped
    },
    get pending() {
      return live
    },
  }
}
