import type { LoggedEvent } from '../../protocol/printer-event.ts'
import type { PrintRecord } from '../../protocol/rest-prints.ts'
import type { Follower } from './follower.ts'
import type { Ground } from './ground.ts'

/** A chunk of history is sent when it is whole, five minutes; so much later (ms) it has arrived. */
const longestRunning = 330_000

/** What is wrong with what must outlive every kill: the printer, its prints, its temperatures. */
export const pastFaults = async (
  ground: Ground,
  log: readonly LoggedEvent[],
  began: number,
): Promise<string[]> => [
  ...(await printerFaults(ground)),
  ...printFaults(log, await everyPrint(ground)),
  ...(await historyFaults(ground, began)),
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

/**
 * What the relay has of the temperatures is one rising line of time. While the agent lives it is one
 * without holes, for only the chunk that runs may be missing; a killed agent takes its chunk along.
 */
const historyFaults = async ({ follower, printerId, name }: Ground, began: number) => {
  const wish = { from: began, resolution: bucket }
  const { at, columns, covered } = await follower.client.history(printerId, wish)
  const rising = at.every((moment, n) => n === 0 || moment > (at[n - 1] ?? 0))
  const whole = Object.values(columns).every(({ mean }) => mean.length === at.length)
  const holes = at.filter((moment, n) => n > 0 && moment - (at[n - 1] ?? 0) > bucket)
  const behind = (covered ?? began) < Date.now() - longestRunning
  return [
    ...(rising && whole ? [] : ['the temperature history is not one line of time']),
    ...(name === 'relay' && holes.length > 0 ? [`history has ${holes.length} holes`] : []),
    ...(name === 'relay' && behind ? ['more than the running chunk of history is missing'] : []),
  ]
}
