import type { Log } from '../../agent/log.ts'
import { keptLog, type KeptLine } from '../agent/support/kept-log.ts'

/** A log whose lines can be awaited. */
export const toldLog = () => {
  const kept = keptLog()
  const waiting = new Set<() => void>()
  const line = (level: keyof Log) => (fields: KeptLine['fields'], message: string) => {
    kept[level](fields, message)
    for (const look of waiting) look()
  }
  const told = (what: RegExp) => kept.lines.filter(({ message }) => what.test(message))
  return {
    ...{ lines: kept.lines, told },
    ...{ debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
    /** Resolves when so many lines of this message were written, from the beginning on. */
    until: (what: RegExp, times = 1) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (told(what).length < times) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}
export type ToldLog = ReturnType<typeof toldLog>
