import {
  eventBodySchema,
  type EventBody,
  type HighWater,
  type LoggedEvent,
  type SentEvent,
} from '../../../protocol/printer-event.ts'
import type { PrintRecord } from '../../../protocol/rest-prints.ts'
import { absent, all, any, less, present, type Condition } from '../table/condition.ts'
import { RelayError } from '../errors.ts'
import {
  eventItemSchema,
  highWaterOf,
  markedWith,
  markOf,
  type EventItem,
  type Mark,
  type Marks,
} from './event-item.ts'
import { expirySeconds, keptFor } from '../table/expiry.ts'
import { forgottenMark } from './forgotten-marks.ts'
import { keepPrints } from './keep-prints.ts'
import { eventKey, logPartition, stateKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { openPrintOf, printStep, type PrintStep } from './print-fold.ts'
import { jsonOf, parseItem } from '../table/read-item.ts'

/** The place `n` is still free: numbers are dense because only the successor of the newest is put. */
const free: Condition = absent('pk')
/** The head in STATE never goes back, and no STATE is made for it. */
const headBelow = (n: number): Condition => any(less('ev', n), all(present('gen'), absent('ev')))

/** An event on its way into the log; `at` in ms since 1970. */
export interface NewEvent {
  readonly src: string
  readonly m: Mark
  readonly at: number
  readonly body: EventBody
}

/** The newest of a printer's log: `n` is 0 before the first event. */
export interface LogHead {
  readonly n: number
  readonly marks: Marks
  /** The print that is open after it. */
  readonly open: PrintRecord | undefined
  /** Records that follow from the newest event and may not be written yet. */
  readonly due: readonly PrintRecord[]
}

const emptyLog: LogHead = { n: 0, marks: [], open: undefined, due: [] }

export interface Appended {
  readonly head: LogHead
  readonly added: readonly LoggedEvent[]
}

export const hwmOf = ({ marks }: LogHead): HighWater => highWaterOf(marks)

/** The head of the log, read consistently. */
export const readHead = async (ports: Ports, printerId: string): Promise<LogHead> => {
  const query = { pk: logPartition(printerId), newestFirst: true, limit: 1 }
  const [newest] = (await ports.directory.query(query)).items
  return newest ? headAt(parseItem(eventItemSchema, newest)) : emptyLog
}

const headAt = (item: EventItem): LogHead => {
  const { open, records } = stepOf(item)
  return { n: item.n, marks: item.hwm, open, due: records }
}

const stepOf = ({ n, at, body, open }: EventItem): PrintStep => {
  const before = openPrintOf(open)
  const parsed = eventBodySchema.safeParse(jsonOf(body))
  return parsed.success
    ? printStep(before, { n, at, body: parsed.data })
    : { open: before, records: [] }
}

/** The events of one frame, with the times that the relay's clock gives them. */
export const eventsOf = (sent: readonly SentEvent[], now: number): NewEvent[] =>
  sent.map(({ src, m, age, body }) => ({ src, m, at: Math.max(0, now - age), body }))

/**
 * Appends each event that is the next of its source, skips those the log has, and stops at none.
 * Tells STATE the new head also when all were known, and writes the print records that are due
 * before the next event: an earlier try may have died before it did.
 */
export const appendEvents = async (
  ports: Ports,
  printerId: string,
  events: readonly NewEvent[],
): Promise<Appended> => {
  let head = await reminded(ports, printerId, await readHead(ports, printerId), events)
  const added: LoggedEvent[] = []
  for (const event of events) {
    const result = await appendOne(ports, printerId, head, event)
    head = result.head
    if (result.logged) added.push(result.logged)
  }
  await keepPrints(ports, printerId, head.due)
  await tellState(ports, printerId, head)
  return { head, added }
}

/** The head with the marks of all sources that are about to be asked for. */
const reminded = async (
  ports: Ports,
  printerId: string,
  head: LogHead,
  events: readonly NewEvent[],
): Promise<LogHead> => {
  let { marks } = head
  for (const src of new Set(events.flatMap(({ src, m }) => (typeof m === 'number' ? [src] : [])))) {
    const mark = await forgottenMark(ports, printerId, marks, src)
    if (mark !== undefined) marks = markedWith(marks, src, mark)
  }
  return { ...head, marks }
}

const tries = 50

const appendOne = async (
  ports: Ports,
  printerId: string,
  from: LogHead,
  event: NewEvent,
): Promise<{ head: LogHead; logged?: LoggedEvent }> => {
  let head = from
  for (let left = tries; left > 0; left--) {
    const verdict = placeOf(event, head.marks)
    if (verdict !== 'next') {
      ports.metrics.count('fluxrelay_events_total', 1, verdict)
      return { head }
    }
    // Whatever an event says of prints is written before the next one hides it.
    await keepPrints(ports, printerId, head.due)
    const n = head.n + 1
    const marks = markedWith(head.marks, event.src, event.m)
    if (await putEvent(ports, printerId, { n, marks, open: head.open }, event)) {
      const { open, records } = printStep(head.open, { n, at: event.at, body: event.body })
      return { head: { n, marks, open, due: records }, logged: logged(printerId, n, event) }
    }
    head = await reminded(ports, printerId, await readHead(ports, printerId), [event])
  }
  throw new RelayError('unavailable', 'Too many events at once: send them again.', { printerId })
}

/** Where an event stands to its source: the next one, one the log has, or one after a gap. */
export const placeOf = ({ src, m }: NewEvent, marks: Marks): 'next' | 'known' | 'gap' => {
  const mark = markOf(marks, src)
  if (typeof m === 'string') return typeof mark === 'string' && mark >= m ? 'known' : 'next'
  const counted = typeof mark === 'number' ? mark : 0
  if (m <= counted) return 'known'
  return m === counted + 1 ? 'next' : 'gap'
}

const putEvent = async (
  ports: Ports,
  printerId: string,
  { n, marks, open }: Pick<LogHead, 'n' | 'marks' | 'open'>,
  { src, m, at, body }: NewEvent,
): Promise<boolean> => {
  const before = open && { open: JSON.stringify(open) }
  const item = { n, src, m, at, body: JSON.stringify(body), hwm: marks, ...before }
  const outcome = await ports.directory.put({ ...eventKey(printerId, n), ...item }, free)
  if (outcome === 'refused') return false
  ports.metrics.count('fluxrelay_events_total', 1, 'appended')
  if (n > 1) await letExpire(ports, printerId, n - 1)
  return true
}

/** The newest never expires, because it holds the head; the one before it may from now on. */
const letExpire = async (ports: Ports, printerId: string, n: number): Promise<void> => {
  const expiresAt = expirySeconds(ports.now() + keptFor.event)
  await ports.directory.update(
    eventKey(printerId, n),
    { set: [['expiresAt', expiresAt]] },
    present('pk'),
  )
}

const logged = (printerId: string, n: number, { at, body }: NewEvent): LoggedEvent => ({
  printerId,
  n,
  at,
  body,
})

/** STATE's copy of the head: what frames carry as `ev` and acks as high-water marks. */
export const tellState = async (
  ports: Ports,
  printerId: string,
  { n, marks }: Pick<LogHead, 'n' | 'marks'>,
): Promise<void> => {
  if (n === 0) return
  const change = { set: [['ev', n] as const, ['hwm', marks] as const] }
  await ports.live.update(stateKey(printerId), change, headBelow(n))
}
