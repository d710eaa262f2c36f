import type { HttpEvent } from './event.ts'

// Declared as a method for its bivariance: an entry typed for the JWT event fits the table too.
interface Methods {
  handler(event: HttpEvent): Promise<unknown>
}

export type HttpHandler = Methods['handler']

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
