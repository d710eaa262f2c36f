import { requireGrant, type Grant } from './grants.ts'
import type { Ports } from '../ports.ts'

/** What is revoked is answered no more after 5 s (design §5): so old (ms) may a look at the right be. */
const stillTrue = 2_000

/**
 * Reads something for somebody who may see a printer. A run that was frozen or slow since it looked
 * at the right looks again before it answers: a right can be withdrawn meanwhile.
 * Throws `not_found` as `requireGrant` does.
 */
export const whileGranted = async <Answer>(
  ports: Ports,
  principal: string,
  printerId: string,
  read: (grant: Grant) => Promise<Answer>,
): Promise<Answer> => {
  let lookedAt = ports.now()
  const grant = await requireGrant(ports, printerId, principal)
  const answer = await read(grant)
  // Either way: the relay's clock may have been set back.
  while (Math.abs(ports.now() - lookedAt) > stillTrue) {
    lookedAt = ports.now()
    const { view } = await requireGrant(ports, printerId, principal)
    if (view !== grant.view) return whileGranted(ports, principal, printerId, read)
  }
  return answer
}
