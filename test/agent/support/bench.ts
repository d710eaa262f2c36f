import type { AgentToRelay } from '../../../protocol/agent-to-relay.ts'
import { emptyState, type PrinterState } from '../../../protocol/printer-state.ts'
import type { RelayToAgent } from '../../../protocol/relay-to-agent.ts'
import { noCargo, type Cargo } from '../../../agent/publisher/cargo.ts'
import type { Effect, Turn } from '../../../agent/publisher/effect.ts'
import { hear } from '../../../agent/publisher/hear.ts'
import { freshLine, type Line, type Terms } from '../../../agent/publisher/line.ts'
import { tick } from '../../../agent/publisher/tick.ts'
import { wakeAt } from '../../../agent/publisher/wake.ts'

export const terms: Terms = {
  instance: 'instance-1',
  version: '0.1.0',
  fresh: true,
  lowerAfter: 60_000,
  tick: 1000,
}

/** A publisher on a bench: time, state and frames of the relay by hand, everything it did kept. */
export class Bench {
  line: Line = freshLine(0, 115 * 60_000)
  at = 0
  state: PrinterState = emptyState
  effects: Effect[] = []
  /** What the relay was told of, events and history apart. */
  told: Effect[] = []
  cargo: Cargo = noCargo
  readonly frames: { at: number; frame: AgentToRelay }[] = []
  readonly terms: Terms

  constructor(its: Terms = terms, state: PrinterState = emptyState) {
    this.terms = its
    this.state = state
    this.wake()
  }

  take({ line, effects }: Turn): void {
    this.line = line
    for (const effect of effects) {
      if (effect.type === 'send') this.frames.push({ at: this.at, frame: effect.frame })
      else if (effect.type === 'heard' || effect.type === 'stored' || effect.type === 'offered')
        this.told.push(effect)
      else this.effects.push(effect)
    }
  }

  wake(sampled = false): void {
    const { at, state, cargo } = this
    this.take(tick(this.line, this.terms, { at, state, sampled, cargo }))
  }

  sample(state: PrinterState): void {
    this.state = state
    this.wake(true)
  }

  hear(frame: RelayToAgent): void {
    this.take(hear(this.line, this.terms, { at: this.at, state: this.state }, frame))
    this.wake()
  }

  /**
   * Lets time pass, with every tick that the publisher wants on the way; a relay that knows so many
   * viewers answers what asks, none does unless given.
   */
  pass(ms: number, viewers?: number): void {
    const end = this.at + ms
    for (;;) {
      const next = wakeAt(this.line, this.terms, this.at, this.cargo)
      if (next > end) break
      this.at = next
      this.wake()
      if (viewers !== undefined && this.line.asks.length > 0) this.ack(viewers)
    }
    this.at = end
  }

  get last(): AgentToRelay {
    const last = this.frames.at(-1)
    if (!last) throw new RangeError('nothing was sent')
    return last.frame
  }

  /** What was sent since the last call. */
  sent(): AgentToRelay[] {
    return this.frames.splice(0).map(({ frame }) => frame)
  }

  welcome(viewers = 1, interval = 1000): void {
    this.hear({ type: 'welcome', seq: this.line.seq, hwm: {}, viewers, interval })
  }

  ack(viewers: number, seq = this.line.seq, interval = 1000): void {
    this.hear({ type: 'ack', seq, hwm: {}, viewers, interval })
  }

  /** A welcomed connection with the given state published. */
  static open(state: PrinterState, viewers = 1, its: Terms = terms): Bench {
    const bench = new Bench(its, state)
    bench.welcome(viewers)
    bench.pass(1000)
    bench.sent()
    bench.effects = []
    return bench
  }
}
