import type { OctoPrintState } from '../octoprint/health.ts'
import type { Detected } from './detect.ts'
import type { Away, Memory } from './memory.ts'
import { jobBody } from './outcome.ts'

/**
 * So long (ms) OctoPrint may be gone before its job is told as lost. A process that is gone has lost
 * it, but restarts within a minute and then says so itself; one that hangs may print on. One that
 * answers, if with errors, is not lost at all.
 */
const graces = { dead: 60_000, silent: 300_000 } as const

/** OctoPrint does not answer as it should: what is known of the printer is old. */
export const whileAway = (memory: Memory, octoprint: OctoPrintState, at: number): Detected => {
  const dead = octoprint === 'unreachable' || octoprint === 'restarting'
  const kind = dead ? 'dead' : 'silent'
  const away: Away =
    memory.away && (memory.away.kind !== 'silent' || kind === 'silent')
      ? memory.away
      : { since: memory.away?.since ?? at, kind }
  const { job } = memory
  const gone = dead || octoprint === 'not_answering'
  if (!job || !gone || away.kind === 'agent' || at - away.since < graces[away.kind])
    return { memory: { ...memory, away }, events: [] }
  const lost = { type: 'job_failed', reason: 'octoprint_lost', highest: job.highest } as const
  const events = [{ at, body: { ...lost, ...jobBody(job) } }]
  const started = { at: job.since, body: { type: 'job_started', ...jobBody(job) } } as const
  return {
    memory: { ...memory, away, job: undefined },
    events: job.told ? events : [started, ...events],
  }
}
