/** A start that cannot be: told in one line, exit code 2. The user mends it and starts again. */
export class StartError extends Error {
  override readonly name = 'StartError'
  constructor(
    readonly code:
      'bad_option' | 'port_taken' | 'data_folder' | 'tls' | 'public_address' | 'no_accounts',
    message: string,
  ) {
    super(message)
  }
}
