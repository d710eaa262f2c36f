import type { Relay } from '../relay/create-relay.ts'
import { jsonHeaders } from './error-answer.ts'
import { signedIn } from './http.ts'

/** `POST /v1/tickets` */
export const ticketsHandler = (relay: Relay) =>
  signedIn(relay, async ({ principal, session }) => {
    const ticket = await relay.issueTicket(principal, session)
    const headers = { ...jsonHeaders, 'Cache-Control': 'no-store' }
    return { statusCode: 200, headers, body: JSON.stringify(ticket) }
  })
