import * as z from 'zod/mini'
import { jobFields, type LoggedEvent } from '../../../protocol/printer-event.ts'
import { printRecordSchema, type PrintRecord } from '../../../protocol/rest-prints.ts'
import { jsonOf } from '../table/read-item.ts'

/** Keeps what events say of the job, and nothing else of them. */
const jobSchema = z.object(jobFields)

export type PrintEvent = Pick<LoggedEvent, 'n' | 'at' | 'body'>

/** What one event of the log makes of the prints. */
export interface PrintStep {
  /** The print that is open after it. */
  readonly open: PrintRecord | undefined
  /** Records that it begins or ends. */
  readonly records: readonly PrintRecord[]
}

/**
 * The next step of folding a printer's log into print records. Pure: a record is a function of the
 * print that was open before an event and the event, so the log alone can rebuild every record.
 */
export const printStep = (open: PrintRecord | undefined, event: PrintEvent): PrintStep => {
  const { n, at, body } = event
  if (body.type === 'job_started') {
    const begun: PrintRecord = { n, outcome: 'running', start: at, ...jobSchema.parse(body) }
    // A second start without an end between: the events that told of the end were lost.
    const lost = open ? [{ ...open, outcome: 'unknown' } as const] : []
    return { open: begun, records: [...lost, begun] }
  }
  if (body.type === 'job_complete' || body.type === 'job_failed') {
    const ended = { ...(open ?? { n }), ...jobSchema.parse(body), end: at }
    const record: PrintRecord =
      body.type === 'job_failed'
        ? { ...ended, outcome: 'failed', reason: body.reason }
        : { ...ended, outcome: 'complete' }
    return { open: undefined, records: [record] }
  }
  return { open, records: [] }
}

/** A print as an item holds it; what cannot be read counts as none. */
export const openPrintOf = (text: string | undefined): PrintRecord | undefined => {
  const parsed = printRecordSchema.safeParse(jsonOf(text ?? ''))
  return parsed.success ? parsed.data : undefined
}
