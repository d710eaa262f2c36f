import * as z from 'zod/mini'
import { timeOuts } from '../../protocol/time-outs.ts'
import { viewerConfigSchema } from '../../protocol/rest.ts'
import { urlBelow } from '../http/url-below.ts'
import { call } from './call.ts'
import { PairError } from './errors.ts'
import type { PairPorts } from './ports.ts'
import { isPrivate, wrongAddress } from './relay-address.ts'
import { relayTrouble } from './relay-trouble.ts'

/** Where a relay takes codes, and agents. */
export interface FoundRelay {
  /** Of the page, for people. */
  readonly origin: string
  readonly api: string
  readonly socket: string
}

const whereSchema = z.pick(viewerConfigSchema, { api: true, socket: true })

/** Asks the page's `config.json` where its relay is. */
export const findRelay = async (ports: PairPorts, page: URL): Promise<FoundRelay> => {
  const url = urlBelow(page.href, 'config.json')
  const answer = await call(ports, { url, method: 'GET', ms: timeOuts.restRequest })
  if (answer.kind === 'failed') throw relayTrouble(page.host, answer.code)
  const { status } = answer
  if (status >= 300 && status < 400) throw leadsElsewhere(page, answer.headers.get('location'))
  if (status >= 500)
    throw new PairError('no_answer', `${page.origin} has a fault (${status}): try again later`)
  const where = whereSchema.safeParse(answer.json)
  if (status !== 200 || !where.success)
    throw wrongAddress(
      `there is no relay at ${page.origin}: give the address of the page where you watch`,
    )
  const { api, socket } = where.data
  if (!speaks(api, ['https:', 'http:']) || !speaks(socket, ['wss:', 'ws:']))
    throw wrongAddress(
      `the relay at ${page.origin} names addresses that are not https:// and wss://: its operator has to mend config.json`,
    )
  return { origin: page.origin, api, socket }
}

const leadsElsewhere = (page: URL, location: string | null): PairError => {
  const to = location !== null && URL.canParse(location, page) ? new URL(location, page) : undefined
  const where = to && to.origin !== 'null' && to.origin !== page.origin ? to.origin : undefined
  return wrongAddress(
    where === undefined
      ? `${page.origin} leads to another address: give that one`
      : `${page.origin} leads to ${where}: give that address, if it is the page where you watch`,
  )
}

const speaks = (address: string, protocols: readonly string[]): boolean => {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url !== undefined && protocols.includes(url.protocol) && isPrivate(url)
}
