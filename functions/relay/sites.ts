import type { SiteList, SiteView } from '../../protocol/rest-sites.ts'
import { RelayError } from './errors.ts'
import type { Person } from './person.ts'
import type { Ports } from './ports.ts'

/** The sites on which a person has a role; the operator's owner finds a first one made. */
export const listSites = async (
  _ports: Ports,
  _ownerEmail: string | undefined,
  _person: Person,
): Promise<SiteList> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

/** One site; all that is on it for its owners. */
export const siteView = async (
  _ports: Ports,
  _principal: string,
  _siteId: string,
): Promise<SiteView> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

export const renameSite = async (
  _ports: Ports,
  _person: Person,
  _siteId: string,
  _name: string,
): Promise<void> => {
  throw new RelayError('unavailable', 'Not built yet.')
}
