import type { Sender } from '../../functions/relay/ports.ts'
import type { Invocations } from '../chaos/invocations.ts'

/** What passed the relay's rim, counted outside it: what its own counters must agree with. */
export class Tally {
  readonly #counts = new Map<string, number>()
  /** Connections whose `$disconnect` ran to its end. */
  readonly disconnected = new Set<string>()

  count(what: string): void {
    this.#counts.set(what, this.of(what) + 1)
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0
  }

  /** The sum over all that begin so. */
  all(prefix: string): number {
    let sum = 0
    for (const [what, count] of this.#counts) if (what.startsWith(prefix)) sum += count
    return sum
  }

  entries(): readonly (readonly [string, number])[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** Counts every handler's run by its route and how it ended. */
  around(invocations: Invocations): Invocations {
    return {
      ...invocations,
      invoke: (label, work, ended) => {
        const [route = '', id = ''] = label.split(' ')
        this.count(`called ${route}`)
        invocations.invoke(label, work, (how) => {
          this.count(`${how.kind} ${route}`)
          if (route === '$disconnect' && how.kind === 'done') this.disconnected.add(id)
          ended(how)
        })
      },
      get running() {
        return invocations.running
      },
    }
  }

  sender(sender: Sender): Sender {
    return {
      send: async (to, text) => {
        const outcome = await sender.send(to, text)
        this.count(`post ${outcome}`)
        return outcome
      },
      close: (to) => sender.close(to),
      isOpen: (id) => sender.isOpen(id),
    }
  }
}
