/** Why pairing ended; docs/AGENT.md lists what to do about each. */
export type PairErrorCode =
  | 'wrong_address'
  | 'untrusted'
  | 'no_answer'
  | 'wrong_code'
  | 'too_often'
  | 'relay_refuses'
  | 'octoprint'
  | 'key_refused'
  | 'no_key'
  | 'config_exists'
  | 'cannot_write'
  | 'nobody_to_ask'
  | 'stopped'

/** Pairing cannot go on. The message is one line with what to do, without code, key or token. */
export class PairError extends Error {
  override readonly name = 'PairError'
  constructor(
    readonly code: PairErrorCode,
    message: string,
  ) {
    super(message)
  }

  /** 130 is what shells give a program that Ctrl-C ended. */
  get exitCode(): number {
    return this.code === 'stopped' ? 130 : 2
  }
}

export const octoPrintUnreachable = (url: string, code: string): PairError =>
  new PairError(
    'octoprint',
    `there is no OctoPrint at ${url} (${code}): is it running? Give its address with --octoprint URL`,
  )
