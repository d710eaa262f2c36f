export type GatewayErrorCode = 'bad-stage' | 'no-access-key'

/** The emulator was put together wrongly; nothing a client sends causes one. */
export class GatewaySetupError extends Error {
  override readonly name = 'GatewaySetupError'
  readonly code: GatewayErrorCode
  constructor(code: GatewayErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
