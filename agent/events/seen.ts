import type { PrinterState } from '../../protocol/printer-state.ts'

/** What one state says, in the terms that events are found in. */
export interface Seen {
  readonly connected: boolean
  readonly errored: boolean
  readonly errorText: string | undefined
  /** A job is under way: printing, paused, or on the way between. */
  readonly active: boolean
  readonly paused: boolean
  /** Really printing: neither paused nor on the way to or from it, nor to an end. */
  readonly running: boolean
  readonly finishing: boolean
  readonly cancelling: boolean
  readonly name: string | undefined
  readonly path: string | undefined
  readonly filament: number[] | undefined
  readonly actual: Readonly<Record<string, number>>
  readonly completion: number | undefined
  readonly printTime: number | undefined
  readonly timeLeft: number | undefined
  readonly lastPrintTime: number | undefined
}

export const seenIn = (state: PrinterState): Seen => {
  const { connection, status, job, progress } = state
  return {
    connected: connection.printer === 'connected',
    errored: status.failed === true || connection.printer === 'error',
    errorText: status.error ?? status.text,
    ...activityOf(status),
    name: job.name,
    path: job.path ?? job.name,
    filament: job.filamentLength?.map((length) => Math.max(0, length)),
    actual: actualOf(state.temperature),
    completion: progress.completion,
    printTime: progress.printTime,
    timeLeft: progress.printTimeLeft,
    lastPrintTime: job.lastPrintTime,
  }
}

/** The text of the state is only asked where the flags are missing, as odd answers leave them. */
const activityOf = (status: PrinterState['status']) => {
  const text = status.printing === undefined && status.operational !== false ? status.text : ''
  const is = (flag: boolean | undefined, words: RegExp) => flag ?? words.test(text ?? '')
  const paused = is(status.paused, /^paused/i)
  const cancelling = is(status.cancelling, /^cancelling/i)
  const finishing = is(status.finishing, /^finishing/i)
  const between = is(status.pausing, /^pausing/i) || is(status.resuming, /^resuming/i)
  const printing = is(status.printing, /^(printing|starting)/i)
  const ending = cancelling || finishing
  return {
    active: printing || paused || between || ending,
    running: printing && !paused && !between && !ending,
    paused: paused && !ending,
    finishing,
    cancelling,
  }
}

const actualOf = (temperature: PrinterState['temperature']) =>
  Object.fromEntries(Object.entries(temperature).filter(([field]) => field.endsWith('.actual')))
