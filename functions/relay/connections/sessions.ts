import { absent, any, equal, less } from '../table/condition.ts'
import { RelayError } from '../errors.ts'
import { inParallelEach } from '../in-parallel.ts'
import { sessionsKey } from '../table/keys.ts'
import { connectionsOf } from './open-connections.ts'
import type { Person, Watcher } from '../people/person.ts'
import type { Ports } from '../ports.ts'
import { endConnection } from '../post.ts'
import type { Item } from '../table/table.ts'

const second = 1000
const endsAtOnce = 16

/**
 * Refuses a sign-in from before the person signed out everywhere. A token says when it was given in
 * whole seconds (`iat`, RFC 7519 §2), rounded down, so the moment of signing out is rounded down
 * too: whoever signs in again within that second is let in. A token of the part of that second
 * before stays valid with it, which nothing in it could tell apart.
 */
export const checkSession = async (
  ports: Ports,
  { principal, signedAt }: Pick<Watcher, 'principal' | 'signedAt'>,
): Promise<void> => {
  if (!principal.startsWith('user:')) return
  if (isBefore(await ports.directory.get(sessionsKey(principal)), signedAt)) throw signedOut()
}

const isBefore = (sessions: Item | undefined, signedAt: number): boolean => {
  const notBefore = sessions?.['notBefore']
  return typeof notBefore === 'number' && signedAt < Math.floor(notBefore / second) * second
}

const signedOut = (): RelayError =>
  new RelayError('unauthenticated', 'You signed out everywhere since: sign in again.')

/**
 * Signs a person out everywhere: tokens given before now open nothing, and what is open ends. Every
 * opening is on record before its sign-in is checked, so it is found here or refused there. One that
 * died half-way has refused the very sign-in that asked for it, which may repeat it all the same.
 */
export const endSessions = async (
  ports: Ports,
  { principal, signedAt }: Pick<Person, 'principal' | 'signedAt'>,
): Promise<void> => {
  const held = await ports.directory.get(sessionsKey(principal))
  if (isBefore(held, signedAt) && held?.['ending'] !== true) throw signedOut()
  let notBefore = await refuseBeforeNow(ports, principal)
  try {
    await ports.accounts?.endSignIns(principal)
    // Again: until then a refresh token may have given another.
    if (ports.accounts) notBefore = await refuseBeforeNow(ports, principal)
  } finally {
    const open = await connectionsOf(ports, principal)
    await inParallelEach(open, endsAtOnce, (id) => endConnection(ports, id, 'signed_out'))
  }
  // Not of a later one, which may still be at work.
  const ended = { ...sessionsKey(principal), notBefore }
  await ports.directory.put(ended, equal('notBefore', notBefore))
}

/** Never back: of two at once the later one counts. */
const refuseBeforeNow = async (ports: Ports, principal: string): Promise<number> => {
  const notBefore = ports.now()
  const later = any(absent('notBefore'), less('notBefore', notBefore))
  await ports.directory.put({ ...sessionsKey(principal), notBefore, ending: true }, later)
  return notBefore
}
