import type { Relay } from '../../functions/relay/create-relay.ts'
import { authorizerHandler } from '../../functions/handlers/authorizer.ts'
import { connectHandler } from '../../functions/handlers/connect.ts'
import { disconnectHandler } from '../../functions/handlers/disconnect.ts'
import { eventsHandler } from '../../functions/handlers/events.ts'
import { healthzHandler } from '../../functions/handlers/healthz.ts'
import { historyHandler } from '../../functions/handlers/history.ts'
import { messageHandler } from '../../functions/handlers/message.ts'
import { printerHandler } from '../../functions/handlers/printer.ts'
import { printersHandler } from '../../functions/handlers/printers.ts'
import { printsHandler } from '../../functions/handlers/prints.ts'
import { pairingHandler } from '../../functions/handlers/pairing.ts'
import { pairingRedeemHandler } from '../../functions/handlers/pairing-redeem.ts'
import { peopleHandler } from '../../functions/handlers/people.ts'
import { sessionsHandler } from '../../functions/handlers/sessions.ts'
import { sharesHandler } from '../../functions/handlers/shares.ts'
import { sharesRedeemHandler } from '../../functions/handlers/shares-redeem.ts'
import { sitesHandler } from '../../functions/handlers/sites.ts'
import { ticketsHandler } from '../../functions/handlers/tickets.ts'
import { httpRoutes, socketRoutes } from '../../functions/routes.ts'
import type { GatewayHandlers, RouteHandler } from '../gateway/handlers.ts'
import type { HttpHandler, HttpRoute } from '../http-api/route.ts'

type SocketEntry = (typeof socketRoutes)[keyof typeof socketRoutes]
type HttpEntry = (typeof httpRoutes)[number]['entry']

/** The entries of the relay behind the emulated gateway, by the same table of routes as the stack. */
export const gatewayHandlers = (relay: Relay): GatewayHandlers => {
  const message = messageHandler(relay)
  const byEntry: Record<SocketEntry, RouteHandler> = {
    connect: connectHandler(relay),
    disconnect: disconnectHandler(relay),
    default: message,
    'agent-message': message,
    'viewer-message': message,
  }
  const routes = Object.fromEntries(
    Object.entries(socketRoutes).map(([route, entry]) => [route, byEntry[entry]]),
  )
  return { authorizer: authorizerHandler(relay), routes }
}

/** The same for the HTTP API. A signed-in route asks for the scope, as in the cloud. */
export const apiRoutes = (relay: Relay, scope: string): HttpRoute[] => {
  const byEntry: Record<HttpEntry, HttpHandler> = {
    printers: printersHandler(relay),
    printer: printerHandler(relay),
    events: eventsHandler(relay),
    history: historyHandler(relay),
    prints: printsHandler(relay),
    tickets: ticketsHandler(relay),
    sites: sitesHandler(relay),
    people: peopleHandler(relay),
    sessions: sessionsHandler(relay),
    pairing: pairingHandler(relay),
    'pairing-redeem': pairingRedeemHandler(relay),
    shares: sharesHandler(relay),
    'shares-redeem': sharesRedeemHandler(relay),
    healthz: healthzHandler(relay),
  }
  return httpRoutes.map(({ method, path, entry, access }) => ({
    method,
    path,
    handler: byEntry[entry],
    ...(access === 'person' ? { auth: 'jwt', scopes: [scope] } : { auth: 'none' }),
  }))
}
