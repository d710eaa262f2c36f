import type { EventBody } from '../../protocol/printer-event.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { begun, goneOn, isAnother, isWhole } from './job-memory.ts'
import type { ActiveJob, DonePrint, Memory } from './memory.ts'
import { endBody, jobBody } from './outcome.ts'
import { seenIn, type Seen } from './seen.ts'
import { whileAway } from './while-away.ts'

/** What happened, and when by the monotonic clock (ms). */
export interface Happened {
  readonly at: number
  readonly body: EventBody
}

export interface Detected {
  readonly memory: Memory | undefined
  readonly events: readonly Happened[]
}

/** The answers for printer and job are not of one moment: a start waits so long (ms) for both … */
const startWait = 6000
/** … and an end for the progress that belongs to it; idle readings are 5 s apart. */
const endWait = 10_000
/** What is read of a finished print may change for so long (ms) after its end. */
const settleTime = 10_000

/**
 * The events between what is remembered and the next state. The first state of all is only
 * remembered: what was already so did not happen now. Pure; `at` is the monotonic clock, ms. A state
 * is whole: job and printer were both read, or OctoPrint failed.
 */
export const detect = (memory: Memory | undefined, state: PrinterState, at: number): Detected => {
  const { octoprint } = state.connection
  if (octoprint === 'starting' || octoprint === undefined) return { memory, events: [] }
  if (octoprint !== 'ok') return memory ? whileAway(memory, octoprint, at) : { memory, events: [] }
  const seen = seenIn(state)
  return memory ? step(memory, seen, at) : { memory: first(seen, at), events: [] }
}

const first = (seen: Seen, at: number): Memory => ({
  seenAt: at,
  connected: seen.connected,
  errored: seen.errored,
  job: seen.active ? { ...begun(seen, undefined, at), told: true, paused: seen.paused } : undefined,
  done: doneIn(seen),
  settleUntil: at + settleTime,
  away: undefined,
})

const step = (memory: Memory, seen: Seen, at: number): Detected => {
  const events: Happened[] = []
  const tell = (body: EventBody, when = at) => events.push({ at: when, body })
  if (seen.connected && !memory.connected) tell({ type: 'printer_connected' })
  const next = jobStep(memory, seen, at, tell)
  if (seen.errored && !memory.errored) tell(errorBody(seen))
  if (!seen.connected && memory.connected) tell({ type: 'printer_disconnected' })
  const { connected, errored } = seen
  const away = next.job?.endingSince === undefined ? undefined : memory.away
  return { memory: { ...memory, ...next, seenAt: at, connected, errored, away }, events }
}

type Tell = (body: EventBody, when?: number) => void
type JobPart = Pick<Memory, 'job' | 'done' | 'settleUntil'>

const jobStep = (memory: Memory, seen: Seen, at: number, tell: Tell): JobPart => {
  const { job } = memory
  if (!job) return seen.active ? start(memory, seen, at, tell) : idle(memory, seen, at, tell)
  if (!seen.active) return finish(memory, job, seen, at, tell)
  if (!isAnother(job, seen)) return goOn(memory, goneOn(job, seen, memory.done), seen, at, tell)
  tell(endBody(job, { seen, at, gap: at - memory.seenAt, away: memory.away, another: true }))
  return start(memory, seen, at, tell)
}

const start = (memory: Memory, seen: Seen, at: number, tell: Tell): JobPart =>
  goOn(memory, begun(seen, memory.done, at), seen, at, tell)

/** The job is under way: tells its start once it is known which, and its pauses. */
const goOn = (memory: Memory, job: ActiveJob, seen: Seen, at: number, tell: Tell): JobPart => {
  const { done, settleUntil } = memory
  if (!job.told && !isWhole(job) && at - job.since < startWait) return { job, done, settleUntil }
  if (!job.told) tell({ type: 'job_started', ...jobBody(job) }, job.since)
  if (seen.paused && !job.paused) tell({ type: 'job_paused', ...jobBody(job) })
  if (seen.running && job.paused) tell({ type: 'job_resumed', ...jobBody(job) })
  const paused = seen.paused || (job.paused && !seen.running)
  return { job: { ...job, told: true, paused }, done, settleUntil }
}

/** The printer is idle, or gone, and a job was under way. */
const finish = (memory: Memory, job: ActiveJob, seen: Seen, at: number, tell: Tell): JobPart => {
  const { done, settleUntil, seenAt, away } = memory
  const endingSince = job.endingSince ?? at
  if (isUndecided(job, seen) && at - endingSince < endWait)
    return { job: { ...job, endingSince }, done, settleUntil }
  if (!job.told) tell({ type: 'job_started', ...jobBody(job) }, job.since)
  const gap = Math.max(at - seenAt, at - endingSince)
  tell(endBody(job, { seen, at, gap, away, another: false }), endingSince)
  return { job: undefined, done: doneIn(seen) ?? done, settleUntil: at + settleTime }
}

/** A cancel empties the progress, the end leaves 100 %: anything else was read before the end. */
const isUndecided = (job: ActiveJob, seen: Seen): boolean =>
  seen.connected &&
  !seen.errored &&
  seen.path === job.path &&
  seen.completion !== undefined &&
  seen.completion < 100 &&
  !job.finishing &&
  !job.cancelling

/** A print that began and ended since the last look left its 100 %. */
const idle = (memory: Memory, seen: Seen, at: number, tell: Tell): JobPart => {
  const { done, settleUntil } = memory
  const now = doneIn(seen)
  // What cannot be read for a moment is not forgotten, or it would seem new when it comes back.
  if (!now || !seen.connected) return { job: undefined, done, settleUntil }
  if (at < settleUntil || !isNewer(now, done)) return { job: undefined, done: now, settleUntil }
  const job = begun(seen, undefined, at)
  tell({ type: 'job_started', ...jobBody({ ...job, printTime: undefined }) })
  tell({ type: 'job_complete', ...jobBody(job), highest: job.highest })
  return { job: undefined, done: now, settleUntil: at + settleTime }
}

const doneIn = ({ completion, path, printTime, lastPrintTime }: Seen): DonePrint | undefined =>
  completion === 100 ? { path, printTime, lastPrintTime } : undefined

const isNewer = (now: DonePrint, before: DonePrint | undefined): boolean =>
  before === undefined ||
  now.path !== before.path ||
  now.printTime !== before.printTime ||
  (now.lastPrintTime !== undefined &&
    before.lastPrintTime !== undefined &&
    now.lastPrintTime !== before.lastPrintTime)

const errorBody = ({ errorText }: Seen): EventBody => ({
  type: 'printer_error',
  ...(errorText !== undefined && { message: errorText }),
})
