export type HttpApiErrorCode = 'bad-route' | 'no-jwt-configuration'

/** The API was put together wrongly; nothing a client sends causes one. */
export class HttpApiSetupError extends Error {
  override readonly name = 'HttpApiSetupError'
  readonly code: HttpApiErrorCode
  constructor(code: HttpApiErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
