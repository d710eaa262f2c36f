import type { HttpEvent, JwtAuthorizer } from './event.ts'

/** The event of a route behind the JWT authorizer. */
export interface SignedInHttpEvent extends HttpEvent {
  readonly requestContext: HttpEvent['requestContext'] & { readonly authorizer: JwtAuthorizer }
}

/**
 * An ordinary Lambda entry. It is typed for the richer event, so that entries of both kinds fit one
 * table; on a route without `auth: 'jwt'` there is no `authorizer`, as in the cloud, where nothing
 * ties an entry to its route either.
 */
export type HttpHandler = (event: SignedInHttpEvent) => Promise<unknown>

export interface HttpRoute {
  /** `GET`, …, or `ANY`. */
  readonly method: string
  /** Such as `/v1/printers/{id}`; a last segment `{rest+}` takes everything below. */
  readonly path: string
  readonly handler: HttpHandler
  readonly auth: 'jwt' | 'none'
  /** The token must have at least one of them, if there are any. */
  readonly scopes?: readonly string[]
}
