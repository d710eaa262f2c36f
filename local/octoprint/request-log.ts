/** What was asked of the server, counted by route. */
export interface RequestLog {
  /** How many requests of a route came in, whatever their method. */
  count(route: string): number
  readonly total: number
  /** How many tried to make the printer do something. Zero is what a view-only reader leaves. */
  readonly control: number
  /** Settles when the next request of a route arrives. */
  next(route: string): Promise<void>
}

export type RequestCounter = {
  readonly log: RequestLog
  readonly saw: (route: string, control: boolean) => void
}

export const countRequests = (): RequestCounter => {
  const counts = new Map<string, number>()
  const waiting = new Map<string, (() => void)[]>()
  let total = 0
  let control = 0
  const log: RequestLog = {
    count: (route) => counts.get(route) ?? 0,
    get total() {
      return total
    },
    get control() {
      return control
    },
    next: (route) =>
      new Promise((resolve) => {
        waiting.set(route, [...(waiting.get(route) ?? []), resolve])
      }),
  }
  const saw = (route: string, isControl: boolean) => {
    total += 1
    if (isControl) control += 1
    counts.set(route, (counts.get(route) ?? 0) + 1)
    const told = waiting.get(route) ?? []
    waiting.delete(route)
    for (const tell of told) tell()
  }
  return { log, saw }
}
