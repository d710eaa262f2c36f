import { agentToRelay, type AgentToRelay } from '../../../protocol/agent-to-relay.ts'
import type { RelayToAgent } from '../../../protocol/relay-to-agent.ts'
import type { Dial, Ended, LinkEvents } from '../../../agent/uplink/dial.ts'

/** One connection as the relay sees it. */
export class FakeLink {
  readonly frames: AgentToRelay[] = []
  ended = false
  readonly #events: LinkEvents

  constructor(events: LinkEvents) {
    this.#events = events
  }

  take(text: string): void {
    if (!this.ended) this.frames.push(agentToRelay.parse(JSON.parse(text)))
  }

  open(): void {
    this.#events.opened()
  }

  say(frame: RelayToAgent): void {
    this.#events.said(JSON.stringify(frame))
  }

  sayText(text: string): void {
    this.#events.said(text)
  }

  end(how: Ended = { kind: 'closed', code: 1006 }): void {
    if (this.ended) return
    this.ended = true
    this.#events.ended(how)
  }

  get last(): AgentToRelay | undefined {
    return this.frames.at(-1)
  }

  /** Answers the newest frame as an owner's relay does. */
  answer(viewers = 1): void {
    const { last } = this
    if (!last) return
    const type = last.action === 'hello' ? 'welcome' : 'ack'
    this.say({ type, seq: last.seq, hwm: {}, viewers, interval: 1000 })
  }
}

/** A relay by hand: every dial is a link that does nothing by itself. */
export const fakeRelay = () => {
  const links: FakeLink[] = []
  const dial: Dial = (events) => {
    const link = new FakeLink(events)
    links.push(link)
    return { send: (text) => link.take(text), end: () => link.end({ kind: 'closed', code: 1000 }) }
  }
  const link = (n: number): FakeLink => {
    const found = links.at(n)
    if (!found) throw new RangeError(`link ${n} was never dialled`)
    return found
  }
  return { dial, links, link }
}
