import { PairError } from './errors.ts'

/** What OpenSSL and Node call a certificate that cannot be trusted, or no TLS at all. */
const untrusted =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_|EPROTO)/

/** The relay was not reached; `host` is where it was looked for. */
export const relayTrouble = (host: string, code: string): PairError =>
  untrusted.test(code)
    ? new PairError(
        'untrusted',
        `the connection to ${host} cannot be trusted (${code}): is the address right, and the clock of this machine? ` +
          'For a certificate of your own, set NODE_EXTRA_CA_CERTS to its authority',
      )
    : new PairError(
        'no_answer',
        `${host} cannot be reached (${code}): check the address and this machine's network`,
      )
