import pino, { type DestinationStream } from 'pino'
import type { Log } from './log.ts'

/**
 * JSON lines for people and machines. No line is given a secret; the redaction is the second wall.
 * Levels are words, because journald shows the line as it is.
 */
export const makeLog = (level: string, out: DestinationStream): Log => {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: ['token', 'apiKey', 'headers', 'config', '*.token', '*.apiKey', '*.headers'],
  }
  return pino(options, out)
}
