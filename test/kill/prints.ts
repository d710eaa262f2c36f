import { setTimeout as pass } from 'node:timers/promises'
import { nothingLoaded, type Shown } from './printer.ts'
import type { Happening } from './timeline.ts'

interface PrintsDeps {
  readonly show: (shown: Shown) => void
  /** From 0 to below 1. */
  readonly random: () => number
  /** Resolves when an agent has written down the event of this name. */
  readonly seen: (name: string) => Promise<void>
  /** What happens is added here before it is shown. */
  readonly happened: Happening[]
}

/** The longest that a stage of a print stays after it was seen, ms. */
const longestHold = 400
/** The longest print that nobody waits for, ms. */
const longestUnseen = 3000

/** One print after the other. Most wait at each stage until it was seen; some do not. */
export const quickPrints = ({ show, random, seen, happened }: PrintsDeps) => {
  let count = 0
  let lastPrintTime: number | null = null

  const print = async (waits: boolean): Promise<void> => {
    const file = `print-${++count}.gcode`
    const completes = random() < 0.6
    const stage = async (name: string, shown: Partial<Shown>) => {
      happened.push({ name, must: waits })
      show({ ...nothingLoaded, file, lastPrintTime, ...shown })
      if (waits) await seen(name)
      await pass(random() * (waits ? longestHold : longestUnseen))
    }
    // What is left of a print that was not seen to its end tells how it will have ended.
    const left = completes ? 0 : 3600
    const early = { completion: 1.5, printTime: 5, printTimeLeft: left }
    const later = { completion: 40, printTime: 60, printTimeLeft: left }
    await stage(`job_started ${file}`, { state: 'Printing', ...early })
    if (random() < 0.5) {
      await stage(`job_paused ${file}`, { state: 'Paused', ...later })
      await stage(`job_resumed ${file}`, { state: 'Printing', ...later, completion: 41 })
    }
    if (!completes) return stage(`job_failed cancelled ${file}`, { state: 'Operational' })
    // OctoPrint keeps the time of the last whole print with its file.
    lastPrintTime = null
    const printTime = 100 + count
    await stage(`job_complete ${file}`, {
      ...{ state: 'Operational', completion: 100, printTime, printTimeLeft: 0 },
      lastPrintTime: printTime,
    })
  }
  return {
    /** One more print; now and then one that nobody waits for. */
    next: () => print(random() >= 0.15),
    /** A print whose every stage is seen. */
    last: () => print(true),
    count: () => count,
  }
}
