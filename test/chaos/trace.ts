/** What happened, step by step: a hash of all of it, and the last steps in words. */
export interface Trace {
  add(at: number, line: string): void
  /** Two runs with the same hash took the same steps. */
  hash(): string
  readonly last: (count: number) => readonly string[]
  steps(): number
}

const kept = 2000

export const createTrace = (): Trace => {
  const lines: string[] = []
  let hash = 0x811c9dc5
  let steps = 0
  return {
    add: (at, line) => {
      const text = `${at.toFixed(1)} ${line}`
      for (let i = 0; i < text.length; i++)
        hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
      lines[steps++ % kept] = text
    },
    hash: () => `${hash.toString(16)}/${steps}`,
    last: (count) => {
      const from = Math.max(0, steps - Math.min(count, kept))
      return Array.from({ length: steps - from }, (_, i) => lines[(from + i) % kept] ?? '')
    },
    steps: () => steps,
  }
}
