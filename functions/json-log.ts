import type { Environment } from './env.ts'
import type { Log, LogFields } from './relay/ports.ts'

type Level = Environment['LOG_LEVEL']
const order: readonly Level[] = ['debug', 'info', 'warn', 'error']

/**
 * One JSON object a line, as CloudWatch reads it. Written here because pino needs CommonJS shims
 * in an ESM bundle and starts worker threads, all for what these lines do.
 */
export const jsonLog = (level: Level, write: (line: string) => void): Log => {
  const at =
    (own: Level) =>
    (fields: LogFields, message: string): void => {
      if (order.indexOf(own) >= order.indexOf(level))
        write(JSON.stringify({ level: own, message, ...fields }))
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
