import { backoffMs } from '../protocol/backoff.ts'
import { backoff } from '../protocol/time-outs.ts'
import type { Clock } from './clock.ts'
import { printerLink } from './mapping/connection-section.ts'
import { noReadings, type Readings } from './mapping/readings.ts'
import { at } from './mapping/tolerant.ts'
import { polled, type Polled } from './octoprint/endpoints.ts'
import { healthOf } from './octoprint/health.ts'
import { isFailure, type Outcome } from './octoprint/outcome.ts'
import type { Read } from './octoprint/reader.ts'

export interface Intervals {
  readonly status: number
  readonly temperature: number
  readonly progress: number
}

export interface SamplerDeps {
  readonly clock: Clock
  readonly random: () => number
  readonly read: Read
  readonly intervals: Intervals
  /** Readings came in. */
  readonly sampled: (readings: Readings) => void
}

/** The printer's link and OctoPrint's version hardly ever change. */
const rarely = { connection: 60_000, version: 600_000 } as const
/** In an idle printer a change of status or job is seen this soon (ms), or as configured. */
const idleInterval = 5_000
/** A reading waits so long (ms) for those begun with it, so that one frame carries them all. */
const grace = 200
/** Orders for a fresh reading come from viewers: OctoPrint is asked no oftener (ms). */
const refreshSpacing = 250

interface Poll {
  due: number
  inFlight: boolean
  failures: number
  newest: Outcome | undefined
}

/**
 * Decides which of OctoPrint's endpoints is read when. `/api/printer` serves status and
 * temperature, `/api/job` status and progress; at most one request of a kind is in flight, and a
 * failing kind backs off with full jitter.
 */
export class Sampler {
  readonly #deps: SamplerDeps
  readonly #polls: Readonly<Record<Polled, Poll>>
  #readings: Readings = noReadings
  #watched = false
  #okAt: number | undefined
  #refreshedAt = -Infinity
  #cancelTimer = () => {}
  #cancelGrace: (() => void) | undefined
  #stopped = false

  constructor(deps: SamplerDeps) {
    this.#deps = deps
    const due = deps.clock.monotonic()
    const poll = (): Poll => ({ due, inFlight: false, failures: 0, newest: undefined })
    this.#polls = { job: poll(), printer: poll(), connection: poll(), version: poll() }
  }

  start(): void {
    this.#run()
  }

  stop(): void {
    this.#stopped = true
    this.#cancelTimer()
    this.#cancelGrace?.()
  }

  /** Reads at the configured pace, or only often enough to notice changes. */
  watch(watched: boolean): void {
    if (watched === this.#watched) return
    this.#watched = watched
    const now = this.#deps.clock.monotonic()
    for (const kind of polled) {
      const poll = this.#polls[kind]
      if (poll.failures === 0) poll.due = Math.min(poll.due, now + this.#interval(kind))
    }
    this.#run()
  }

  /** Reads now what viewers look at, unless OctoPrint is failing or was just asked. */
  refresh(): void {
    const now = this.#deps.clock.monotonic()
    if (now - this.#refreshedAt < refreshSpacing) return
    this.#refreshedAt = now
    this.#hurry(now, ['job', 'printer'], (poll) => poll.failures === 0)
    this.#run()
  }

  #interval(kind: Polled): number {
    if (kind === 'connection' || kind === 'version') return rarely[kind]
    const { status, temperature, progress } = this.#deps.intervals
    if (!this.#watched) return Math.max(status, idleInterval)
    return Math.min(status, kind === 'printer' ? temperature : progress)
  }

  #hurry(now: number, kinds: readonly Polled[], when: (poll: Poll) => boolean): void {
    for (const kind of kinds) {
      const poll = this.#polls[kind]
      if (when(poll)) poll.due = Math.min(poll.due, now)
    }
  }

  #run(): void {
    if (this.#stopped) return
    const now = this.#deps.clock.monotonic()
    for (const kind of polled) {
      const poll = this.#polls[kind]
      if (poll.due <= now && !poll.inFlight) this.#begin(kind, poll, now)
    }
    this.#cancelTimer()
    const waiting = polled.map((kind) => this.#polls[kind]).filter(({ inFlight }) => !inFlight)
    if (waiting.length === 0) return
    const next = Math.min(...waiting.map(({ due }) => due))
    this.#cancelTimer = this.#deps.clock.after(Math.max(1, Math.ceil(next - now)), () =>
      this.#run(),
    )
  }

  /** Keeps to a grid, so that kinds of the same interval are read together and don't drift apart. */
  #begin(kind: Polled, poll: Poll, now: number): void {
    const interval = this.#interval(kind)
    poll.due = poll.due + interval > now ? poll.due + interval : now + interval
    poll.inFlight = true
    void this.#deps.read(kind).then((outcome) => {
      if (!this.#stopped) this.#take(kind, poll, outcome)
    })
  }

  #take(kind: Polled, poll: Poll, outcome: Outcome): void {
    const now = this.#deps.clock.monotonic()
    const recovered = poll.failures > 0 && !isFailure(outcome)
    poll.inFlight = false
    poll.newest = outcome
    if (isFailure(outcome)) {
      const wait = backoffMs(poll.failures++, this.#deps.random, backoff.first)
      poll.due = now + Math.max(wait, this.#interval(kind))
    } else poll.failures = 0
    if (!isFailure(outcome) && (kind === 'job' || kind === 'printer')) this.#okAt = now
    const before = this.#readings
    this.#readings = { ...withAnswer(before, kind, outcome), health: this.#health(now) }
    if (recovered) this.#hurry(now, polled, ({ failures }) => failures > 0)
    this.#follow(kind, before, now)
    this.#settle()
    this.#run()
  }

  #health(now: number) {
    const { job, printer } = this.#polls
    return healthOf(
      { job: job.newest, printer: printer.newest },
      this.#okAt === undefined ? undefined : now - this.#okAt,
    )
  }

  /** One answer often says that another is out of date. */
  #follow(kind: Polled, before: Readings, now: number): void {
    const after = this.#readings
    const well = ({ failures }: Poll) => failures === 0
    const wasWell = before.health.state === 'ok' || before.health.state === 'starting'
    // What comes back may be another version, with another printer.
    if (!wasWell && after.health.state === 'ok')
      this.#hurry(now, ['version', 'connection'], () => true)
    if (kind === 'job' && at(before.job, 'state') !== at(after.job, 'state'))
      this.#hurry(now, ['printer'], well)
    if (before.printer !== undefined && printerLink(before) !== printerLink(after))
      this.#hurry(now, ['connection'], well)
  }

  #settle(): void {
    const othersComing = polled.some((kind) => this.#polls[kind].inFlight)
    if (othersComing) this.#cancelGrace ??= this.#deps.clock.after(grace, () => this.#tell())
    else this.#tell()
  }

  #tell(): void {
    this.#cancelGrace?.()
    this.#cancelGrace = undefined
    this.#deps.sampled(this.#readings)
  }
}

/** What is known stays known while OctoPrint fails; an answer replaces the one before it. */
const withAnswer = (readings: Readings, kind: Polled, outcome: Outcome): Readings => {
  if (outcome.kind === 'ok') return { ...readings, [kind]: outcome.body }
  if (outcome.kind === 'not_operational') return { ...readings, printer: 'not_operational' }
  return readings
}
