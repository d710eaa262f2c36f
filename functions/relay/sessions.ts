import { RelayError } from './errors.ts'
import type { Person, Watcher } from './person.ts'
import type { Ports } from './ports.ts'

/** Refuses a sign-in from before the person signed out everywhere. */
export const checkSession = async (_ports: Ports, _watcher: Watcher): Promise<void> => {}

/** Signs a person out everywhere: tokens given before now open nothing, connections end. */
export const endSessions = async (_ports: Ports, _person: Person): Promise<void> => {
  throw new RelayError('unavailable', 'Not built yet.')
}
