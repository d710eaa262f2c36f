import type { Log } from '../../../agent/log.ts'

export interface KeptLine {
  readonly level: keyof Log
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

/** A log that keeps its lines. */
export const keptLog = (): Log & { readonly lines: KeptLine[] } => {
  const lines: KeptLine[] = []
  const line = (level: keyof Log) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push({ level, fields, message })
  return {
    lines,
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
  }
}
