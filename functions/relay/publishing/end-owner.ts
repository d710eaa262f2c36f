import { all, equal, type Condition } from '../table/condition.ts'
import { withdrawn } from './hello-claim.ts'
import { stateKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { endConnection } from '../post.ts'
import { readState, type StateItem } from './state-item.ts'

/** The owner is still the connection that was found, with the token that was found. */
const ownedBy = ({ conn, tok }: StateItem): Condition => all(equal('conn', conn), equal('tok', tok))

/**
 * Takes the printer from its owner if that came with one of these versions of the token, and ends
 * the connection. After the directory says that they are not valid: a hello reads it again after it
 * became the owner.
 */
export const endOwner = async (
  ports: Ports,
  printerId: string,
  isEnded: (version: number) => boolean,
): Promise<void> => {
  const state = await readState(ports, printerId)
  if (state && isEnded(state.tok)) await endThisOwner(ports, printerId, state)
}

/** The same for an owner that was read already. */
export const endThisOwner = async (
  ports: Ports,
  printerId: string,
  state: StateItem,
): Promise<void> => {
  await ports.live.update(stateKey(printerId), withdrawn, ownedBy(state))
  await endConnection(ports, state.conn, 'token_revoked')
}
