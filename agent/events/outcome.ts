import type { EventBody } from '../../protocol/printer-event.ts'
import type { ActiveJob, Away } from './memory.ts'
import type { Seen } from './seen.ts'
import { highestOf } from './job-memory.ts'

type Failed = Extract<EventBody, { type: 'job_failed' }>['reason']
export type Outcome = 'complete' | Failed

/** An absence of OctoPrint shorter than this (ms) is no more than a slow answer. */
const shortAbsence = 15_000
/** The last stretch of a print may take so much longer (ms) than was foreseen. */
const lateness = 3000

export interface EndSeen {
  readonly seen: Seen
  readonly at: number
  /** Since the job was last seen, ms. */
  readonly gap: number
  readonly away: Away | undefined
  /** Another print is under way. */
  readonly another: boolean
}

/** How a job ended, from what was last known of it and what is seen after it. */
export const outcomeOf = (job: ActiveJob, end: EndSeen): Outcome => {
  const { seen, another } = end
  if (reachedItsEnd(job, seen, another)) return 'complete'
  if (job.cancelling) return 'cancelled'
  if (seen.errored) return 'error'
  const lost = isLost(end)
  if (!another && lost) return 'octoprint_lost'
  if (!seen.connected) return 'printer_lost'
  // Nothing is left to be read of it: whether it can have ended by now must decide.
  if ((another || seen.path !== job.path) && isNearEnd(job, end.gap)) return 'complete'
  return lost ? 'octoprint_lost' : 'cancelled'
}

const reachedItsEnd = (job: ActiveJob, seen: Seen, another: boolean): boolean => {
  if (job.finishing) return true
  const same = seen.path === job.path && !another
  if (same && seen.completion === 100) return true
  // Only a print that reached its end leaves its time with the file.
  const leftTime = seen.lastPrintTime !== undefined && seen.lastPrintTime !== job.lastPrintTime
  if (seen.path === job.path && leftTime) return true
  // The file's own marks can say 100 % before the end, and a cancel then takes them away.
  const takenBack = seen.connected && same && seen.completion === undefined
  return job.completion === 100 && !takenBack
}

const isLost = ({ away, at, seen }: EndSeen): boolean => {
  if (!away) return false
  // A restart of OctoPrint forgets the file. A cancel while the agent was down does not, and where
  // another file was chosen since, that is the likelier story.
  if (away.kind === 'agent') return seen.path === undefined
  return away.kind === 'dead' || at - away.since >= shortAbsence
}

const isNearEnd = ({ completion, printTime, timeLeft }: ActiveJob, gap: number): boolean => {
  const linear =
    completion !== undefined && completion > 0 && printTime !== undefined
      ? (printTime / completion) * (100 - completion)
      : undefined
  const left = Math.min(timeLeft ?? Infinity, linear ?? Infinity)
  return left <= gap + lateness
}

/** What events say of a job. */
export const jobBody = (job: ActiveJob) => ({
  ...(job.name !== undefined && { name: job.name }),
  ...(job.path !== undefined && { path: job.path }),
  ...(job.printTime !== undefined && { printTime: job.printTime }),
  ...(job.filament !== undefined && { filament: [...job.filament] }),
})

export const endBody = (job: ActiveJob, end: EndSeen): EventBody => {
  const { seen, another } = end
  const outcome = outcomeOf(job, end)
  const atEnd = outcome === 'complete' && !another && seen.path === job.path
  const printTime = atEnd && seen.completion === 100 ? seen.printTime : job.printTime
  const fields = {
    ...jobBody(job),
    ...(printTime !== undefined && { printTime }),
    highest: another ? job.highest : highestOf(job.highest, seen.actual),
  }
  return outcome === 'complete'
    ? { type: 'job_complete', ...fields }
    : { type: 'job_failed', reason: outcome, ...fields }
}
