import type { HighWater, SentEvent } from '../../protocol/printer-event.ts'
import type { Clock } from '../clock.ts'
import type { Happened } from '../events/detect.ts'
import { revived, type Memory } from '../events/memory.ts'
import type { Log } from '../log.ts'
import { openOutbox } from './open-outbox.ts'
import { Journal } from '../disk/journal.ts'
import type { KeptFile } from '../disk/kept-file.ts'
import * as queues from './queue.ts'
import type { Break, Queued, QueueLimits } from './queue.ts'
import { encodeRecord, firstRecord, type KeptEvent, type OutboxRecord } from './record.ts'

export const usualLimits: QueueLimits = { events: 1000, bytes: 1_000_000 }

export interface OutboxDeps {
  /** Undefined: nothing is kept on disk. */
  readonly files: KeptFile | undefined
  readonly clock: Clock
  readonly log: Log
  /** A random name that no process start had before. */
  readonly newSource: () => string
  readonly limits: QueueLimits
}

/**
 * The events that the relay has not confirmed, on disk before they are sent. What the detector
 * remembers is written with them, so that a restart neither loses nor repeats what it found.
 */
export class Outbox {
  readonly #deps: OutboxDeps
  readonly #journal: Journal
  #queue: readonly Queued[] = []
  #source: string
  /** Events numbered under `#source` so far. */
  #numbered = 0
  #memory: { memory: Memory; wall: number } | undefined
  /** When (monotonic ms) the relay last confirmed anything. */
  #confirmedAt = -Infinity

  constructor(deps: OutboxDeps) {
    this.#deps = deps
    this.#source = deps.newSource()
    const opened = openOutbox(deps.files, deps)
    this.#journal = new Journal({
      ...{ file: opened.files, clock: deps.clock, log: deps.log, what: 'the outbox' },
      ...{ whole: () => this.#whole(), bytes: opened.fileBytes, behind: opened.stale },
    })
    this.#queue = opened.events.map((event) => queues.queued(event, undefined))
    this.#memory = opened.memory
    for (const one of queues.breaksIn(this.#queue)) this.#move(one)
    if (opened.lost > 0) this.#keepGap(opened.lost)
    else if (opened.stale) this.#journal.rewrite()
  }

  /** What the detector of an earlier start remembered, on this one's clock. */
  recalled(): Memory | undefined {
    if (!this.#memory) return undefined
    const { clock } = this.#deps
    const elapsed = Math.max(0, clock.now() - this.#memory.wall)
    return revived(this.#memory.memory, clock.monotonic(), elapsed)
  }

  get pending(): number {
    return this.#queue.length
  }

  /** Keeps what was found together with what is remembered now. */
  keep(events: readonly Happened[], memory: Memory): void {
    const { clock, log, limits } = this.#deps
    const wall = clock.now()
    this.#memory = { memory, wall }
    const found: Queued[] = []
    let lost = 0
    for (const { at, body } of events) {
      const age = Math.max(0, clock.monotonic() - at)
      const next = { src: this.#source, m: this.#numbered + 1, wall: wall - age, body }
      const event = queues.queued(next, at)
      if (lost > 0 || !queues.hasRoom([...this.#queue, ...found], event, limits)) lost++
      else {
        found.push(event)
        this.#numbered++
      }
    }
    this.#queue = [...this.#queue, ...found]
    this.#write({ is: 'found', events: found.map(keptOf), memory, wall })
    if (lost === 0) return
    log.warn({ lost }, 'the outbox is full: events are lost until the relay can be reached')
    this.#keepGap(lost)
  }

  /** The events that go out next, with their age at `at`; the same until they are confirmed. */
  batch(at: number): readonly SentEvent[] {
    const front = queues.frontOf(this.#queue)
    return front.map((event) => queues.sentOf(event, at, this.#deps.clock.now()))
  }

  /** The events of the last batch went out. */
  offered(): void {
    const front = new Set(queues.frontOf(this.#queue))
    this.#queue = this.#queue.map((one) => (front.has(one) ? { ...one, offered: true } : one))
  }

  /**
   * The relay told its marks. `askedAt`: when (monotonic ms) the frame was sent whose answer this
   * is, if the relay read its log for it. An answer to an older question cannot prove that what was
   * confirmed since is gone.
   */
  heard(hwm: HighWater, askedAt: number | undefined): void {
    const confirmed = this.#confirm(hwm)
    if (confirmed || askedAt === undefined || askedAt <= this.#confirmedAt) return
    const forgotten = queues.forgottenSource(this.#queue, hwm)
    if (forgotten === undefined) return
    this.#deps.log.warn({}, 'the relay lost events it had confirmed: the rest goes on without them')
    this.#move({ from: forgotten, above: 0 })
    this.#journal.rewrite()
  }

  /** Leaves no timer; what could not be written is tried once more. */
  stop(): void {
    this.#journal.stop()
  }

  #confirm(hwm: HighWater): boolean {
    const rest = queues.withoutConfirmed(this.#queue, hwm)
    if (rest.length === this.#queue.length) return false
    const gone = this.#queue.filter((event) => !rest.includes(event))
    this.#queue = rest
    this.#confirmedAt = this.#deps.clock.monotonic()
    const marks = new Map(gone.map(({ src, m }) => [src, m]))
    for (const [src, m] of marks) this.#write({ is: 'confirmed', src, m })
    return true
  }

  #move(broken: Break): void {
    const to = this.#deps.newSource()
    this.#queue = queues.moved(this.#queue, broken, to)
    if (broken.from !== this.#source) return
    this.#source = to
    this.#numbered = this.#queue.filter(({ src }) => src === to).length
  }

  /** One event beyond the bound stands for all that there was no room for. */
  #keepGap(lost: number): void {
    const gap = queues.gapAtEnd(this.#queue)
    const { clock } = this.#deps
    if (gap) {
      const count = gap.count + lost
      const grown = { ...gap, body: queues.lostBody(count) }
      this.#queue = [...this.#queue.slice(0, -1), grown]
      return this.#write({ is: 'lost', src: gap.src, m: gap.m, count })
    }
    const [src, m, wall] = [this.#source, ++this.#numbered, clock.now()]
    const event = queues.queued({ src, m, wall, body: queues.lostBody(lost) }, clock.monotonic())
    this.#queue = [...this.#queue, event]
    this.#write({ is: 'kept', events: [keptOf(event)] })
  }

  #write(record: OutboxRecord): void {
    const head = this.#journal.empty ? encodeRecord(firstRecord) : ''
    this.#journal.append(head + encodeRecord(record))
  }

  #whole(): string {
    const records: OutboxRecord[] = [firstRecord, { is: 'kept', events: this.#queue.map(keptOf) }]
    if (this.#memory) records.push({ is: 'found', events: [], ...this.#memory })
    return records.map(encodeRecord).join('')
  }
}

const keptOf = ({ src, m, wall, body }: KeptEvent): KeptEvent => ({ src, m, wall, body })
