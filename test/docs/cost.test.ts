import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { entries } from '../../lib/entries.ts'
import { framesBetweenAcks, timeOuts } from '../../protocol/time-outs.ts'
import { configOf } from '../lib/synthesised.ts'

const page = readFileSync(new URL('../../docs/COST.md', import.meta.url), 'utf8')

/** USD per million, us-east-1; of Lambda also per million GB-seconds, of logs per GB. */
const prices = {
  message: 1,
  connectionMinute: 0.25,
  request: 1,
  run: 0.2,
  gbSecond: 13.3334,
  write: 0.625,
  read: 0.125,
  logGb: 0.5,
} as const
/** What a run takes in the cloud, s: assumed, several times what one machine needs. */
const runSeconds = 0.05
/** GB of a line in the log, with what CloudWatch adds. */
const lineGb = 300 / 1e9

const runOf = (entry: keyof typeof entries) =>
  prices.run + (entries[entry].memory / 1024) * runSeconds * prices.gbSecond
/** Per million: the message in, every tenth frame's ack, the run, one write, one query. */
const publish =
  prices.message * (1 + 1 / framesBetweenAcks) + runOf('agent-message') + prices.write + prices.read
const hour = 60 * 60_000
const hoursOfMonth = 730
const day = 24 * 60 * 60

/** USD of one printer for a month, watched so many hours a day by so many. */
const month = (hoursADay: number, viewers: number) => {
  const watched = (hoursOfMonth * hoursADay) / 24
  const framesWatched = watched * 3600
  const framesIdle = (hoursOfMonth - watched) * (hour / timeOuts.silenceIdlePrinting)
  const minutes = (hoursOfMonth + watched * viewers) * 60
  return (
    (framesWatched * (publish + viewers * prices.message) +
      framesIdle * (publish + prices.message) +
      minutes * prices.connectionMinute) /
    1e6
  )
}

const dollars = (amount: number) => `$${amount.toFixed(2)}`

const { throttles, ...config } = configOf()
const line = lineGb * 1e6 * prices.logGb
const perMillion = {
  // A ticket that is none costs the write that finds nothing.
  handshake: prices.message + runOf('authorizer') + prices.write + line,
  request: prices.request + runOf('healthz') + 2 * prices.read + line,
  publish,
}
const ofDay = (perSecond: number, price: number) => dollars((perSecond * day * price) / 1e6)

describe('docs/COST.md', () => {
  it.each([1, 10, 100])('has the month of a printer with %i viewers', (viewers) => {
    const amounts = [0, 2, 8, 24].map((hours) => dollars(month(hours, viewers)))
    expect(page).toContain(`| ${viewers} | ${amounts.join(' | ')} |`)
  })

  it('has the price of a million of each', () => {
    expect(page).toContain(`| a frame of an agent | ${dollars(publish)} + $1.00 for each viewer |`)
    expect(page).toContain(`| a handshake that is refused | ${dollars(perMillion.handshake)} |`)
    expect(page).toContain(`| a request to the HTTP API | ${dollars(perMillion.request)} |`)
  })

  it('has the worst day that the usual throttles leave', () => {
    const { socket, http } = throttles
    expect(page).toContain(
      `| handshakes | ${socket.perSecond} a second | ${ofDay(socket.perSecond, perMillion.handshake)} |`,
    )
    expect(page).toContain(
      `| requests | ${http.perSecond} a second | ${ofDay(http.perSecond, perMillion.request)} |`,
    )
    expect(page).toContain(
      `| frames | ${socket.perSecond} a second | ${ofDay(socket.perSecond, publish)} |`,
    )
    expect(page).toContain(`| posts | 10,000 a second | ${ofDay(10_000, prices.message)} |`)
  })

  it('has what the usual ceilings let pass without a mail', () => {
    const upTo = (count: unknown, price: number) => dollars((Number(count) * price) / 1e6)
    for (const [field, price] of [
      ['dailyMessageCeiling', prices.message],
      ['dailyRequestCeiling', perMillion.request],
      ['dailyHandshakeCeiling', perMillion.handshake],
    ] as const)
      expect(page).toContain(
        `| \`${field}\` | ${Number(config[field]).toLocaleString('en-US')} | ${upTo(config[field], price)} |`,
      )
  })
})
