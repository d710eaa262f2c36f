import type { Environment } from './env.ts'
import type { Log, LogFields } from './relay/ports.ts'

type Level = Environment['LOG_LEVEL']
const order: readonly Level[] = ['debug', 'info', 'warn', 'error']

/**
 * One JSON object a line, as Lambda's JSON log format wants it: `level`, and a `timestamp` by RFC 3339,
 * without which Lambda takes every line for INFO (its docs, "Log-level filtering"). Written here because pino needs CommonJS shims
 * in an ESM bundle and starts worker threads, all for what these lines do.
 */
export const jsonLog = (
  level: Level,
  write: (line: string) => void,
  /** ms since 1970 */
  now: () => number,
): Log => {
  const at =
    (own: Level) =>
    (fields: LogFields, message: string): void => {
      if (order.indexOf(own) >= order.indexOf(level))
        write(
          JSON.stringify({
            ...{ timestamp: new Date(now()).toISOString(), level: own, message },
            ...fields,
          }),
        )
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
