import type { ActiveJob, DonePrint } from './memory.ts'
import type { Seen } from './seen.ts'

/** OctoPrint counts the print time in whole seconds. */
const printTimeSlack = 2000

export const begun = (seen: Seen, done: DonePrint | undefined, at: number): ActiveJob => ({
  ...readOf(seen, done),
  highest: seen.actual,
  finishing: seen.finishing,
  cancelling: seen.cancelling,
  paused: false,
  told: false,
  since: at,
  endingSince: undefined,
})

/** The same job, as it is seen now. */
export const goneOn = (job: ActiveJob, seen: Seen, done: DonePrint | undefined): ActiveJob => ({
  ...job,
  ...(job.told ? readOn(job, seen) : readOf(seen, done)),
  highest: highestOf(job.highest, seen.actual),
  finishing: job.finishing || seen.finishing,
  cancelling: job.cancelling || seen.cancelling,
  endingSince: undefined,
})

/** A job was read together with a printer that prints it: its start can be told with its name. */
export const isWhole = ({ path, completion }: ActiveJob): boolean =>
  path !== undefined && completion !== undefined

/** Another print than the one remembered: another file, or its clock began anew. */
export const isAnother = (job: ActiveJob, { path, completion, printTime }: Seen): boolean => {
  if (!job.told || completion === undefined) return false
  if (job.path !== undefined && path !== undefined && job.path !== path) return true
  return (
    printTime !== undefined &&
    job.printTime !== undefined &&
    printTime < job.printTime - printTimeSlack &&
    completion <= (job.completion ?? 100)
  )
}

export const highestOf = (
  highest: Readonly<Record<string, number>>,
  actual: Readonly<Record<string, number>>,
): Record<string, number> => {
  const both: Record<string, number> = { ...highest }
  for (const [field, value] of Object.entries(actual))
    both[field] = Math.max(both[field] ?? -Infinity, value)
  return both
}

/** Printer and job are two answers: the job's may still show the print before this one. */
const readOf = (seen: Seen, done: DonePrint | undefined) => {
  const { name, path, filament, lastPrintTime } = seen
  const stale = isLeftOver(seen, done)
  return {
    name,
    path,
    filament,
    lastPrintTime,
    completion: stale ? undefined : seen.completion,
    printTime: stale ? undefined : seen.printTime,
    timeLeft: stale ? undefined : seen.timeLeft,
  }
}

const isLeftOver = (seen: Seen, done: DonePrint | undefined): boolean =>
  seen.completion === 100 &&
  !seen.finishing &&
  done !== undefined &&
  done.path === seen.path &&
  done.printTime === seen.printTime

/** What is not known any more (a cancel empties the progress) stays as it was last known. */
const readOn = (job: ActiveJob, seen: Seen) => {
  if (job.path !== undefined && seen.path !== job.path) return {}
  return {
    name: seen.name ?? job.name,
    path: seen.path ?? job.path,
    filament: seen.filament ?? job.filament,
    lastPrintTime: job.lastPrintTime ?? (seen.completion === 100 ? undefined : seen.lastPrintTime),
    completion: seen.completion ?? job.completion,
    printTime: seen.printTime ?? job.printTime,
    timeLeft: seen.completion === undefined ? job.timeLeft : seen.timeLeft,
  }
}
