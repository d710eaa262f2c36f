import type { PrinterStateText } from './state-flags.ts'
import type { JobPlan } from './synthetic-plan.ts'

/** `progress` as `/api/job` has it: percent, bytes, seconds. */
export type SyntheticProgress = {
  readonly completion: number
  readonly filepos: number
  readonly printTime: number
  readonly printTimeLeft: number
  readonly printTimeLeftOrigin: 'analysis' | 'linear' | 'estimate' | null
}

export type JobMoment = { readonly state: PrinterStateText; readonly progress: SyntheticProgress }

/** The lines before the one that waits for heat, and how long OctoPrint counts before it freezes. */
const headerBytes = 353
const frozenPrintTimeS = 5
const pausingMs = 3000
const resumingMs = 2000
const finishingMs = 3000

/** State and progress of a job, `ms` after its slot began. */
export const jobMoment = (plan: JobPlan, ms: number): JobMoment => {
  if (ms < plan.heatedAt) {
    const printTime = Math.min(frozenPrintTimeS, Math.floor(ms / 1000))
    return { state: 'Printing', progress: progressOf(plan, 0, printTime) }
  }
  if (ms >= plan.printedAt) {
    const state = ms < plan.printedAt + finishingMs ? 'Finishing' : 'Operational'
    return { state, progress: doneProgress(plan) }
  }
  const { state, pausedMs } = pauseMoment(plan, ms - plan.heatedAt)
  const printedMs = ms - plan.heatedAt - pausedMs
  const printTime = Math.floor((plan.heatedAt + printedMs) / 1000)
  return { state, progress: progressOf(plan, printedMs / plan.printMs, printTime) }
}

/** How long a job's print time is in the end, without pauses, in seconds. */
export const printTimeOf = (plan: JobPlan): number =>
  Math.floor((plan.heatedAt + plan.printMs) / 1000)

const pauseMoment = (
  { pause }: JobPlan,
  ms: number,
): { state: PrinterStateText; pausedMs: number } => {
  if (pause === undefined || ms < pause.afterMs) return { state: 'Printing', pausedMs: 0 }
  const since = ms - pause.afterMs
  if (since >= pause.lengthMs) return { state: 'Printing', pausedMs: pause.lengthMs }
  if (since < pausingMs) return { state: 'Pausing', pausedMs: since }
  const resuming = since >= pause.lengthMs - resumingMs
  return { state: resuming ? 'Resuming' : 'Paused', pausedMs: since }
}

const doneProgress = (plan: JobPlan): SyntheticProgress => ({
  completion: 100,
  filepos: plan.file.size,
  printTime: printTimeOf(plan),
  printTimeLeft: 0,
  printTimeLeftOrigin: null,
})

/** `part` is the share of the printing time that is over, 0 to 1. */
const progressOf = (plan: JobPlan, part: number, printTime: number): SyntheticProgress => {
  const { size } = plan.file
  const filepos = headerBytes + Math.floor((size - headerBytes) * fileShare(part))
  const completion = (100 * filepos) / size
  return { completion, filepos, printTime, ...timeLeft(plan, part, printTime, completion) }
}

/** Files are denser in some places than in others: the position neither jumps nor goes evenly. */
const fileShare = (part: number): number =>
  part + (0.5 * Math.sin(6 * Math.PI * part)) / (6 * Math.PI)

/** OctoPrint trusts the slicer first, then the line through the origin, then its own estimate. */
const timeLeft = (
  plan: JobPlan,
  part: number,
  printTime: number,
  completion: number,
): Pick<SyntheticProgress, 'printTimeLeft' | 'printTimeLeftOrigin'> => {
  const left = (seconds: number) => Math.max(0, Math.round(seconds))
  if (part < 0.08) {
    return { printTimeLeft: left(plan.estimateS - printTime), printTimeLeftOrigin: 'analysis' }
  }
  if (part < 0.3) {
    const linear = (printTime * (100 - completion)) / completion
    return { printTimeLeft: left(linear), printTimeLeftOrigin: 'linear' }
  }
  const wrong = 1 + 0.06 * (1 - part) * Math.sin(20 * part)
  const truth = (plan.printMs * (1 - part)) / 1000
  return { printTimeLeft: left(truth * wrong), printTimeLeftOrigin: 'estimate' }
}
