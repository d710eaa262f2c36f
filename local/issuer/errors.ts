export type IssuerErrorCode =
  | 'accounts_busy'
  | 'data_damaged'
  | 'data_unwritable'
  | 'demo_not_on_loopback'
  | 'invalid_user'
  | 'last_user'
  | 'no_such_user'
  | 'user_exists'
  | 'unexpected'

/** The issuer can't do what it was told; the message is one line for whoever told it. */
export class IssuerError extends Error {
  override readonly name = 'IssuerError'
  constructor(
    readonly code: IssuerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
