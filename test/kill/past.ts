import type { LoggedEvent } from '../../protocol/printer-event.ts'
import type { PrintRecord } from '../../protocol/rest-prints.ts'
import type { Follower } from './follower.ts'
import type { Ground } from './ground.ts'

/** What is wrong with what must outlive every kill: the printer, its prints, its temperatures. */
export const pastFaults = async (
  ground: Ground,
  log: readonly LoggedEvent[],
  { began, thorough }: { readonly began: number; readonly thorough: boolean },
): Promise<string[]> => [
  ...(await printerFaults(ground)),
  ...printFaults(log, await everyPrint(ground)),
  ...(await historyFaults(ground, began, thorough)),
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
 * the relay is killed, all of it arrives, without a hole; a killed agent takes its chunk along.
 */
const historyFaults = async (ground: Ground, began: number, thorough: boolean) => {
  const agentLived = ground.name === 'relay' && thorough
  const { at, columns, covered = 0, late } = await historyFrom(ground, began, agentLived)
  const rising = at.every((moment, n) => n === 0 || moment > (at[n - 1] ?? 0))
  const whole = Object.values(columns).every(({ mean }) => mean.length === at.length)
  const holes = [began, ...at].filter((moment, n) => (at[n] ?? covered) - moment > bucket)
  return [
    ...(late ? ['the newest temperatures did not arrive'] : []),
    ...(rising && whole ? [] : ['the temperature history is not one line of time']),
    ...(agentLived ? holes.map((moment) => `history has a hole after ${moment - began} ms`) : []),
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
