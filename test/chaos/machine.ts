import type { Clock } from '../../agent/clock.ts'
import type { Loop } from './loop.ts'

/** Which clocks a sleeping machine keeps going: of Linux only the wall's, of others both. */
export type SleepKind = 'monotonic stands still' | 'timers late'

interface Timer {
  readonly due: number
  readonly label: string
  readonly run: () => void
  cancel: () => void
}

/** A computer with clocks of its own: it may sleep, and its wall clock may be set. */
export class Machine {
  readonly name: string
  readonly #loop: Loop
  /** Added to the true time by the wall clock, ms. */
  wallOffset: number
  readonly #timers = new Set<Timer>()
  /** What arrived while it slept. */
  readonly #arrived: { readonly label: string; readonly run: () => void }[] = []
  #slept = 0
  #since: number | undefined
  #kind: SleepKind = 'timers late'
  readonly #epoch: number
  readonly #uptime: number

  constructor(
    loop: Loop,
    name: string,
    clocks: { epoch: number; wallOffset: number; uptime: number },
  ) {
    this.#loop = loop
    this.name = name
    this.#epoch = clocks.epoch
    this.wallOffset = clocks.wallOffset
    this.#uptime = clocks.uptime
  }

  get asleep(): boolean {
    return this.#since !== undefined
  }

  get timers(): number {
    return this.#timers.size
  }

  wall(): number {
    return Math.floor(this.#epoch + this.#loop.now() + this.wallOffset)
  }

  monotonic(): number {
    return this.#uptime + this.#loop.now() - this.#slept
  }

  after(ms: number, label: string, run: () => void): () => void {
    const timer: Timer = {
      due: this.monotonic() + Math.max(0, ms),
      label,
      run: () => {
        this.#timers.delete(timer)
        run()
      },
      cancel: () => {},
    }
    this.#timers.add(timer)
    if (!this.asleep) this.#arm(timer)
    return () => {
      this.#timers.delete(timer)
      timer.cancel()
    }
  }

  #arm(timer: Timer): void {
    timer.cancel = this.#loop.after(timer.due - this.monotonic(), timer.label, timer.run)
  }

  /** Lets something in from outside: at once, or when it wakes. */
  arrives(label: string, run: () => void): void {
    if (this.asleep) this.#arrived.push({ label, run })
    else run()
  }

  sleep(ms: number, kind: SleepKind): void {
    if (this.asleep) return
    this.#since = this.#loop.now()
    this.#kind = kind
    for (const timer of this.#timers) timer.cancel()
    this.#loop.after(ms, `${this.name} wakes`, () => this.wake())
  }

  wake(): void {
    if (this.#since === undefined) return
    if (this.#kind === 'monotonic stands still') this.#slept += this.#loop.now() - this.#since
    this.#since = undefined
    for (const timer of [...this.#timers].sort((a, b) => a.due - b.due)) this.#arm(timer)
    for (const { label, run } of this.#arrived.splice(0)) this.#loop.after(0, label, run)
  }
}

/** A program on a machine. When it is killed nothing of it goes on, whatever it waits for. */
export class Process {
  readonly machine: Machine
  readonly name: string
  alive = true
  readonly #timers = new Set<() => void>()

  constructor(machine: Machine, name: string) {
    this.machine = machine
    this.name = name
  }

  readonly clock: Clock = {
    now: () => this.machine.wall(),
    monotonic: () => this.machine.monotonic(),
    after: (ms, run) => {
      const cancel = this.machine.after(ms, `${this.name} timer`, () => {
        this.#timers.delete(cancel)
        if (this.alive) run()
      })
      this.#timers.add(cancel)
      return () => {
        this.#timers.delete(cancel)
        cancel()
      }
    },
  }

  get timers(): number {
    return this.#timers.size
  }

  arrives(label: string, run: () => void): void {
    this.machine.arrives(label, () => {
      if (this.alive) run()
    })
  }

  kill(): void {
    this.alive = false
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
  }
}
