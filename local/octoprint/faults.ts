import type { OddBody } from './odd-bodies.ts'

/** One way for an answer to go wrong. */
export type Fault =
  /** Never answers; the connection stays open. */
  | { readonly kind: 'hang' }
  /** Answers rightly, `delayMs` later by the server's `sleep`. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Ends the connection with a TCP reset instead of an answer. */
  | { readonly kind: 'reset' }
  /** Sends the headers and half of the body, then ends the connection. */
  | { readonly kind: 'cut' }
  /** Answers with this status and JSON body. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: unknown }
  /** Answers with a body no reader expects, made from the right one. */
  | { readonly kind: 'odd'; readonly body: OddBody }

/** Ready-made faults of OctoPrint's everyday life. */
export const usualFaults = {
  notOperational: { kind: 'status', status: 409, body: { error: 'Printer is not operational' } },
  serverError: { kind: 'status', status: 500, body: { error: 'Internal server error' } },
  badGateway: { kind: 'status', status: 502 },
  unavailable: { kind: 'status', status: 503 },
} as const satisfies Record<string, Fault>

/** Every route, known or not. */
export const everywhere = '*'

/** The faults that are switched on; the newest one of a route's own goes before `everywhere`. */
export interface Faults {
  /** Until cleared, every request of this route (`/api/job`, …, or `everywhere`) goes wrong. */
  set(route: string, fault: Fault): void
  /** The next `times` requests of this route go wrong, then it is as before. */
  once(route: string, fault: Fault, times?: number): void
  /** Takes the faults of one route away, or all. */
  clear(route?: string): void
}

export type FaultSwitches = {
  readonly faults: Faults
  readonly take: (route: string) => Fault | undefined
}

export const faultSwitches = (): FaultSwitches => {
  const standing = new Map<string, Fault>()
  const queued = new Map<string, Fault[]>()
  const takeOf = (route: string) => queued.get(route)?.shift() ?? standing.get(route)
  return {
    take: (route) => takeOf(route) ?? takeOf(everywhere),
    faults: {
      set: (route, fault) => void standing.set(route, fault),
      once: (route, fault, times = 1) => {
        const more = Array.from({ length: times }, () => fault)
        queued.set(route, [...(queued.get(route) ?? []), ...more])
      },
      clear: (route) => {
        if (route === undefined) {
          standing.clear()
          queued.clear()
        } else {
          standing.delete(route)
          queued.delete(route)
        }
      },
    },
  }
}
