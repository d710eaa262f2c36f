import type { TicketAnswer } from '../../../protocol/rest.ts'
import { ticketSchema } from '../../../protocol/renew.ts'
import { timeOuts } from '../../../protocol/time-outs.ts'
import { expirySeconds } from '../table/expiry.ts'
import { sha256 } from '../hash.ts'
import { ticketKey } from '../table/keys.ts'
import type { Watcher } from '../people/person.ts'
import type { Ports } from '../ports.ts'
import { takeToken } from '../limits/rate-limit.ts'
import { rateLimits } from '../limits/rate-limits.ts'
import { parseItem } from '../table/read-item.ts'
import { takeOnce } from '../table/take-once.ts'
import { ticketItemSchema } from './ticket-item.ts'

const ticketBytes = 32

/** Gives a ticket for one socket, or one renewal, of this person or guest. */
export const issueTicket = async (
  ports: Ports,
  { principal, session, signedAt }: Watcher,
): Promise<TicketAnswer> => {
  await takeToken(ports, `tickets#${principal}`, rateLimits.tickets, 'tickets')
  const ticket = Buffer.from(ports.randomBytes(ticketBytes)).toString('base64url')
  const until = ports.now() + timeOuts.ticket
  const item = { principal, session, signedAt, until, expiresAt: expirySeconds(until) }
  await ports.live.put({ ...ticketKey(sha256(ticket)), ...item })
  return { ticket, expiresIn: timeOuts.ticket }
}

/** Uses a ticket up and says whose it was; `undefined` when it is unknown, used or too old. */
export const consumeTicket = async (ports: Ports, ticket: string): Promise<Watcher | undefined> => {
  if (!ticketSchema.safeParse(ticket).success) return undefined
  const taken = await takeOnce(ports.live, ticketKey(sha256(ticket)), ports.now())
  if (!taken) return undefined
  const { principal, session, signedAt } = parseItem(ticketItemSchema, taken)
  return { principal, session, signedAt }
}
