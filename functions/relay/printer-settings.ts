import { RelayError } from './errors.ts'
import type { Person } from './person.ts'
import type { Ports } from './ports.ts'

export const renamePrinter = async (
  _ports: Ports,
  _person: Person,
  _printerId: string,
  _name: string,
): Promise<void> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

/** Takes a printer away: its tokens, its viewers, its links. */
export const removePrinter = async (
  _ports: Ports,
  _person: Person,
  _printerId: string,
): Promise<void> => {
  throw new RelayError('unavailable', 'Not built yet.')
}

/** Withdraws one version of a printer's agent token, as an owner. */
export const withdrawToken = async (
  _ports: Ports,
  _person: Person,
  _printerId: string,
  _version: number,
): Promise<void> => {
  throw new RelayError('unavailable', 'Not built yet.')
}
