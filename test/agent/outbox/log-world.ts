import {
  appendEvents,
  eventsOf,
  hwmOf,
  readHead,
} from '../../../functions/relay/past/append-events.ts'
import { eventItemSchema } from '../../../functions/relay/past/event-item.ts'
import type { Ports } from '../../../functions/relay/ports.ts'
import type { AgentToRelay } from '../../../protocol/agent-to-relay.ts'
import type { EventBody, HighWater } from '../../../protocol/printer-event.ts'
import type { RelayToAgent } from '../../../protocol/relay-to-agent.ts'
import type { Memory } from '../../../agent/events/memory.ts'
import { Outbox } from '../../../agent/outbox/outbox.ts'
import { noCargo } from '../../../agent/publisher/cargo.ts'
import type { Turn } from '../../../agent/publisher/effect.ts'
import { hear } from '../../../agent/publisher/hear.ts'
import { freshLine, type Line } from '../../../agent/publisher/line.ts'
import { tick } from '../../../agent/publisher/tick.ts'
import { terms } from '../support/bench.ts'
import { handClock } from '../support/hand-clock.ts'
import { keptLog } from '../support/kept-log.ts'
import { ready } from '../support/states.ts'
import { MemoryFile } from '../disk/memory-file.ts'

const memory: Memory = { seenAt: 0, connected: true, errored: false, settleUntil: 0 }
const printerId = 'printer-1'
type OnTheWay<Frame> = { readonly link: number; readonly frame: Frame }

/** An agent's publisher and outbox, the relay's own log, and a network between them by hand. */
export class LogWorld {
  readonly clock = handClock()
  readonly files = new MemoryFile()
  readonly up: OnTheWay<AgentToRelay>[] = []
  readonly down: OnTheWay<RelayToAgent>[] = []
  /** What was found and is on the disk, in order. */
  readonly found: string[] = []
  readonly #ports: Ports
  #marks: HighWater[] = [{}]
  #starts = 0
  #link = 0
  #names = 0
  #others = 0
  #box: Outbox
  #line: Line

  constructor(ports: Ports) {
    this.#ports = ports
    this.#box = this.#start()
    this.#line = this.#dialled()
  }

  #start(): Outbox {
    const [clock, files, log] = [this.clock, this.files, keptLog()]
    const newSource = () => `source-${++this.#starts}`
    return new Outbox({ files, clock, log, newSource, limits: { events: 1000, bytes: 1e6 } })
  }

  #dialled(): Line {
    this.#link++
    return freshLine(this.clock.monotonic(), Infinity)
  }

  find(): string {
    const name = `${++this.#names}`
    const body: EventBody = { type: 'job_paused', name }
    this.#box.keep([{ at: this.clock.monotonic(), body }], memory)
    this.found.push(name)
    this.wake()
    return name
  }

  redial(): void {
    this.#line = this.#dialled()
    this.wake()
  }

  restart(): void {
    this.#box = this.#start()
    this.redial()
  }

  /** The process is killed so many bytes before the end of a write; the event is found again. */
  dieWhileFinding(missing: number): void {
    const before = this.files.text?.length ?? 0
    const name = `${++this.#names}`
    const body: EventBody = { type: 'job_paused', name }
    this.#box.keep([{ at: this.clock.monotonic(), body }], memory)
    const text = this.files.text ?? ''
    const cut = Math.max(before, text.length - missing)
    this.files.text = text.slice(0, cut)
    if (cut === text.length) this.found.push(name)
    this.restart()
  }

  wake(): void {
    if (this.#line.asks.some(({ at }) => this.clock.monotonic() - at > 29_000)) return this.redial()
    const moment = { ...this.#moment(), sampled: false }
    this.#take(tick(this.#line, terms, moment))
  }

  #moment() {
    const at = this.clock.monotonic()
    return { at, state: ready, cargo: { ...noCargo, events: this.#box.batch(at) } }
  }

  #take({ line, effects }: Turn): void {
    this.#line = line
    for (const effect of effects) {
      if (effect.type === 'send') this.up.push({ link: this.#link, frame: effect.frame })
      if (effect.type === 'offered') this.#box.offered()
      if (effect.type === 'heard') this.#box.heard(effect.hwm, effect.askedAt)
    }
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms)
    this.wake()
  }

  /** The relay takes a frame in; `stale`: how old the marks are that it tells where it reads none. */
  async arrive({ link, frame }: OnTheWay<AgentToRelay>, stale: number): Promise<void> {
    const events = frame.action === 'publish' ? frame.events : undefined
    const head = events
      ? (await appendEvents(this.#ports, printerId, eventsOf(events, this.clock.now()))).head
      : await readHead(this.#ports, printerId)
    const marks = hwmOf(head)
    this.#marks.push(marks)
    const type = frame.action === 'hello' ? 'welcome' : 'ack'
    const reads = frame.action === 'hello' || events !== undefined
    const hwm = reads ? marks : (this.#marks.at(-1 - stale) ?? {})
    if (frame.action === 'hello' || frame.ack === true)
      this.down.push({ link, frame: { type, seq: frame.seq, hwm, viewers: 0, interval: 1000 } })
  }

  hear({ link, frame }: OnTheWay<RelayToAgent>): void {
    if (link !== this.#link) return
    const { at, state } = this.#moment()
    this.#take(hear(this.#line, terms, { at, state }, frame))
    this.wake()
  }

  /** So many agents with the same token come and go elsewhere, each with an event. */
  async others(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const src = `other-${++this.#others}`
      const body: EventBody = { type: 'printer_connected' }
      await appendEvents(this.#ports, printerId, eventsOf([{ src, m: 1, age: 0, body }], 0))
    }
  }

  /** Every frame arrives and is answered, until nothing waits. */
  async settle(): Promise<void> {
    this.redial()
    for (let n = 0; n < 400 && (n < 5 || this.#box.pending > 0); n++) {
      await this.pass(500)
      for (const one of this.up.splice(0)) await this.arrive(one, 0)
      for (const one of this.down.splice(0)) this.hear(one)
    }
  }

  get pending(): number {
    return this.#box.pending
  }

  async log(): Promise<{ n: number; name: string }[]> {
    const { items } = await this.#ports.directory.query({ pk: `E#${printerId}` })
    return items.flatMap((item) => {
      const { n, body, src } = eventItemSchema.parse(item)
      const { name = '' } = JSON.parse(body) as { name?: string }
      return src.startsWith('other-') ? [] : [{ n, name }]
    })
  }
}
