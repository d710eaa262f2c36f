import type { PairingAnswer, RedeemCode, RedeemedCode } from '../../protocol/rest-pairing.ts'
import { RelayError } from './errors.ts'
import type { Person } from './person.ts'
import type { Ports } from './ports.ts'

/** A code with which an agent becomes a new printer of a site. */
export const newPrinterCode = async (
  _ports: Ports,
  _person: Person,
  _siteId: string,
  _name: string,
): Promise<PairingAnswer> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

/** A code with which an agent gets another token of a printer. */
export const newTokenCode = async (
  _ports: Ports,
  _person: Person,
  _printerId: string,
): Promise<PairingAnswer> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

/** Uses a code up. `read` parses the request, after the limits. */
export const redeemCode = async (
  _ports: Ports,
  _address: string,
  _read: () => RedeemCode,
): Promise<RedeemedCode> => {
  throw new RelayError('unavailable', 'Not built yet.')
}
