import { sampleStep } from '../../agent/history/ring.ts'
import type { LoggedEvent } from '../../protocol/printer-event.ts'
import type { PrintRecord } from '../../protocol/rest-prints.ts'
import type { Follower } from './follower.ts'
import type { Ground } from './ground.ts'
import { holesIn } from './holes.ts'

interface Times {
  /** ms since 1970. */
  readonly began: number
  /** Since then (ms since 1970) nobody was killed. */
  readonly calmSince: number
  /** Whether there is time for what takes long. */
  readonly thorough: boolean
}

/** What is wrong with what must outlive every kill: the printer, its prints, its temperatures. */
export const pastFaults = async (
  ground: Ground,
  log: readonly LoggedEvent[],
  { began, calmSince, thorough }: Times,
): Promise<string[]> => [
  ...(await printerFaults(ground)),
  ...printFaults(log, await everyPrint(ground)),
  ...(await historyFaults(ground, { began, calmSince, thorough })),
]

const printerFaults = async ({ follower, printerId, homeText, readHome }: Ground) => {
  const { printers } = await follower.client.printers()
  const ids = printers.map(({ id }) => id).join(' ')
  return [
    ...(ids === printerId ? [] : [`the printers are ${ids}`]),
    ...((await readHome()) === homeText ? [] : ['home.json has changed']),
  ]
}

const everyPrint = async ({ follower, printerId }: { follower: Follower; printerId: string }) => {
  const prints: PrintRecord[] = []
  for (let before: number | undefined; ;) {
    const page = await follower.client.prints(printerId, before)
    prints.push(...page.prints)
    before = page.before
    if (before === undefined) return prints.reverse()
  }
}

/** Each print of the log has one record, in its order and with its end. */
const printFaults = (log: readonly LoggedEvent[], prints: readonly PrintRecord[]): string[] => {
  const told = log.flatMap(({ body }) => {
    if (body.type === 'job_complete') return [`${body.name} complete`]
    return body.type === 'job_failed' ? [`${body.name} failed ${body.reason}`] : []
  })
  const recorded = prints.map(({ name, outcome, reason }) =>
    reason === undefined ? `${name} ${outcome}` : `${name} ${outcome} ${reason}`,
  )
  const missing = told.filter((one) => !recorded.includes(one))
  const extra = recorded.filter((one, place) => told[place] !== one)
  return [
    ...missing.map((one) => `print without a record: ${one}`),
    ...extra.map((one) => `record out of place: ${one}`),
  ]
}

/** Wider than what the relay's clock and the agent's can differ by from delivery to delivery, ms. */
const bucket = 10_000
/** While watched the running chunk goes out every 30 s; within twice that (ms) it has arrived. */
const untilSent = 60_000

/**
 * What the relay has of the temperatures is one rising line of time. While the agent lives, as when
 * the relay is killed, all of it arrives, without a hole; a killed agent takes its chunk along, and
 * from the last kill on nothing is missing.
 */
const historyFaults = async (ground: Ground, { began, calmSince, thorough }: Times) => {
  const whole = ground.name === 'relay' ? began : calmSince
  const { late, ...known } = await historyFrom(ground, began, thorough)
  const { at, columns } = known
  const rising = at.every((moment, n) => n === 0 || moment > (at[n - 1] ?? 0))
  const equal = Object.values(columns).every(({ mean }) => mean.length === at.length)
  const holes = holesIn(known, { since: whole, bucket, step: sampleStep })
  return [
    ...(late ? ['the newest temperatures did not arrive'] : []),
    ...(rising && equal ? [] : ['the temperature history is not one line of time']),
    ...(thorough ? holes.map((moment) => `history has a hole after ${moment - began} ms`) : []),
  ]
}

/** Asks again with each change of what the viewer sees, until the history reaches this moment. */
const historyFrom = async ({ follower, printerId }: Ground, began: number, toNow: boolean) => {
  const { client } = follower
  const [now, latest] = [Date.now(), performance.now() + untilSent]
  for (;;) {
    const answer = await client.history(printerId, { from: began, resolution: bucket })
    const late = toNow && (answer.covered ?? 0) < now
    if (!late || performance.now() > latest) return { ...answer, late }
    await new Promise<void>((resolve) => {
      const stop = client.subscribe(() => {
        stop()
        resolve()
      })
    })
  }
}
