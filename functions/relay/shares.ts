import type { NewShare, ShareAnswer } from '../../protocol/rest-shares.ts'
import { RelayError } from './errors.ts'
import type { Person } from './person.ts'
import type { Ports } from './ports.ts'

/** Makes a share link for a site or one of its printers. */
export const makeShare = async (
  _ports: Ports,
  _person: Person,
  _siteId: string,
  _share: NewShare,
): Promise<ShareAnswer> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

/** Withdraws a share link and ends what its guests have open. */
export const revokeShare = async (
  _ports: Ports,
  _person: Person,
  _siteId: string,
  _hash: string,
): Promise<void> => {
  throw new RelayError('unavailable', 'Not built yet.')
}
