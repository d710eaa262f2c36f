import { inParallel } from '../in-parallel.ts'
import { grantOf, requireGrant, type Grant } from './grants.ts'
import type { Ports } from '../ports.ts'
import { unlessDamagedAsync } from '../table/read-item.ts'

/** What is revoked is answered no more after 5 s (design §5): so old (ms) may a look at the right be. */
const stillTrue = 2_000
const looksAtOnce = 16

/** Either way: the relay's clock may have been set back. */
const isOld = (ports: Ports, lookedAt: number): boolean =>
  Math.abs(ports.now() - lookedAt) > stillTrue

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
  while (isOld(ports, lookedAt)) {
    lookedAt = ports.now()
    const { view } = await requireGrant(ports, printerId, principal)
    if (view !== grant.view) return whileGranted(ports, principal, printerId, read)
  }
  return answer
}

/** The same for a list: what was withdrawn from somebody meanwhile is left out. */
export const eachWhileGranted = async <One extends { readonly id: string }>(
  ports: Ports,
  principal: string,
  read: () => Promise<readonly One[]>,
): Promise<readonly One[]> => {
  let lookedAt = ports.now()
  let found = await read()
  while (isOld(ports, lookedAt)) {
    lookedAt = ports.now()
    found = await stillGranted(ports, principal, found)
  }
  return found
}

const stillGranted = async <One extends { readonly id: string }>(
  ports: Ports,
  principal: string,
  found: readonly One[],
): Promise<readonly One[]> => {
  const granted = new Set<string>()
  await inParallel(found, looksAtOnce, async ({ id }) => {
    if (await unlessDamagedAsync(ports, () => grantOf(ports, id, principal))) granted.add(id)
  })
  return found.filter(({ id }) => granted.has(id))
}
