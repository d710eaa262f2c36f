/** So many in so long a time; the time in ms. */
export interface Allowance {
  readonly most: number
  readonly withinMs: number
}

export interface Attempts {
  /** Counts one attempt; tells how long to wait (ms, 0 when it may be made now). */
  take(who: string): number
}

/** Limits attempts a name, in fixed windows; `now` in ms. */
export function attempts({ most, withinMs }: Allowance, now: () => number): Attempts {
  const windows = new Map<string, { until: number; made: number }>()
  const forgetPast = (): void => {
    for (const [who, { until }] of windows) if (until <= now()) windows.delete(who)
  }
  return {
    take(who) {
      forgetPast()
      const window = windows.get(who) ?? { until: now() + withinMs, made: 0 }
      if (window.made >= most) return window.until - now()
      windows.set(who, { ...window, made: window.made + 1 })
      return 0
    },
  }
}
