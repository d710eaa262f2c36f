type Line = (fields: Readonly<Record<string, unknown>>, message: string) => void

/** Structured log: what changed, with fields. Never a token, a key or a header (pino fits). */
export interface Log {
  readonly debug: Line
  readonly info: Line
  readonly warn: Line
  readonly error: Line
}
