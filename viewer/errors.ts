/** Why the viewer cannot even begin; each has words of its own on the screen. */
export type StartTrouble =
  | 'relay_unreachable'
  | 'config_missing'
  | 'crypto_unavailable'
  | 'issuer_unreachable'
  | 'sign_in_refused'

export class StartError extends Error {
  override readonly name = 'StartError'
  readonly code: StartTrouble

  constructor(code: StartTrouble, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export const startWords: Record<StartTrouble, { title: string; text: string }> = {
  relay_unreachable: {
    title: 'The relay does not answer',
    text: 'Check your network and try again. If it lasts, tell whoever runs this relay.',
  },
  config_missing: {
    title: 'This viewer is not set up',
    text: 'Its /config.json is missing or not valid. Whoever runs this relay can put it there; then reload.',
  },
  crypto_unavailable: {
    title: 'This page needs https',
    text: 'Browsers refuse to sign in on plain http, except on localhost. Open the https address of this relay.',
  },
  issuer_unreachable: {
    title: 'The sign-in service does not answer',
    text: 'Check your network and try again. If it lasts, the operator should look at the sign-in service.',
  },
  sign_in_refused: {
    title: 'The sign-in did not work',
    text: 'It was cancelled, took too long or was refused. Nothing is wrong with your printers: try again.',
  },
}
