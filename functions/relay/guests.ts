import type { GuestAnswer } from '../../protocol/rest-shares.ts'
import { RelayError } from './errors.ts'
import type { Watcher } from './person.ts'
import type { Ports } from './ports.ts'

/** Gives whoever holds a link's secret a guest's token. `read` parses the request, after the limits. */
export const redeemShare = async (
  _ports: Ports,
  _address: string,
  _read: () => string,
): Promise<GuestAnswer> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

/** The guest that a token stands for; refuses one that is not valid. */
export const guestOf = async (_ports: Ports, _token: string): Promise<Watcher> => {
  throw new RelayError('unavailable', 'Not built yet.')
}
