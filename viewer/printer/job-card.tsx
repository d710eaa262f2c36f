import type { PrinterState } from '../../protocol/printer-state.ts'
import { duration, finishingTime, percent } from '../parts/format.ts'
import { ProgressBar } from '../parts/progress-bar.tsx'

interface JobCardProps {
  readonly state: PrinterState
  /** Old data has no finishing time: counted from now, it would move away for ever. */
  readonly stale: boolean
}

/** What is printed, how far it is, and when it will be done. */
export const JobCard = ({ state, stale }: JobCardProps) => {
  const { job, progress } = state
  const { completion, printTime, printTimeLeft } = progress
  // Guests of the basic view see a job without its name.
  if (job.name === undefined && completion === undefined)
    return (
      <section class="card job" aria-label="Job" data-testid="no-job">
        <h2>Job</h2>
        <p class="muted">No job is loaded.</p>
      </section>
    )
  const now = Date.now()
  return (
    <section class="card job" aria-label="Job">
      <h2>Job</h2>
      {job.name !== undefined && (
        <p class="file" dir="auto" data-testid="job-name">
          {job.display ?? job.name}
        </p>
      )}
      {completion !== undefined && (
        <>
          <p class="huge" data-testid="completion">
            {percent(completion)}
          </p>
          <ProgressBar completion={completion} />
        </>
      )}
      <dl class="facts">
        <Fact name="Time left" id="time-left" ms={printTimeLeft} />
        {printTimeLeft !== undefined && state.status.printing === true && !stale && (
          <div>
            <dt>Done at</dt>
            <dd data-testid="done-at">{finishingTime(now + printTimeLeft, now)}</dd>
          </div>
        )}
        <Fact name="Printing for" id="print-time" ms={printTime} />
      </dl>
    </section>
  )
}

interface FactProps {
  readonly name: string
  readonly id: string
  readonly ms: number | undefined
}

const Fact = ({ name, id, ms }: FactProps) =>
  ms === undefined ? null : (
    <div>
      <dt>{name}</dt>
      <dd data-testid={id}>{duration(ms)}</dd>
    </div>
  )
