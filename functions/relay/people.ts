import type { Role } from '../../protocol/rest.ts'
import { RelayError } from './errors.ts'
import type { Person } from './person.ts'
import type { Ports } from './ports.ts'

export interface RoleChange {
  readonly who: string
  readonly role: Role
}
export interface Removal {
  readonly who: string
  readonly printerId?: string | undefined
}

/** Makes a viewer of a site an owner, or an owner a viewer. */
export const changeRole = async (
  _ports: Ports,
  _person: Person,
  _siteId: string,
  _change: RoleChange,
): Promise<void> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

/** Takes a person off a site, or off one of its printers. */
export const removePerson = async (
  _ports: Ports,
  _person: Person,
  _siteId: string,
  _removal: Removal,
): Promise<void> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

export const leaveSite = async (_ports: Ports, _person: Person, _siteId: string): Promise<void> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

export const leavePrinter = async (
  _ports: Ports,
  _person: Person,
  _printerId: string,
): Promise<void> => {
  throw new RelayError('unavailable', 'Not built yet.')
}
