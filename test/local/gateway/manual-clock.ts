import type { Timers } from '../../../local/gateway/timers.ts'

interface Due {
  readonly at: number
  readonly run: () => void
}

/** A clock that moves only when told, and the timers that go with it. */
export class ManualClock implements Timers {
  #now: number
  readonly #due = new Set<Due>()

  constructor(start = Date.UTC(2026, 1, 9, 12, 0, 0)) {
    this.#now = start
  }

  readonly now = (): number => this.#now

  after(ms: number, run: () => void): () => void {
    const due = { at: this.#now + ms, run }
    this.#due.add(due)
    return () => void this.#due.delete(due)
  }

  pending(): number {
    return this.#due.size
  }

  /** Moves the time on and runs what falls due, in order, each at its own moment. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const [next] = [...this.#due].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.#due.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = end
  }
}
