import type { AuthorizerEvent, WsEvent } from './events.ts'

// Declared as methods for their bivariance: an entry typed for one kind of event (a CONNECT, say)
// fits the table although the table could call it with any.
interface Methods {
  route(event: WsEvent): Promise<unknown>
  authorizer(event: AuthorizerEvent): Promise<unknown>
}

export type RouteHandler = Methods['route']
export type AuthorizerHandler = Methods['authorizer']

/** The Lambda entries behind the gateway, by route key (`$connect`, `$disconnect`, `$default`, …). */
export interface GatewayHandlers {
  readonly authorizer?: AuthorizerHandler
  readonly routes: Readonly<Record<string, RouteHandler>>
}
