import { emptyReplica, receive, type Replica } from '../../protocol/replica.ts'
import type { RelayToViewer } from '../../protocol/relay-to-viewer.ts'
import {
  snapshotOf,
  stateItemSchema,
  type StateItem,
} from '../../functions/relay/publishing/state-item.ts'
import { stateKey } from '../../functions/relay/table/keys.ts'
import { printerId, type World } from './world.ts'

/** The viewer of the models: the protocol's own replica over what arrived. */
export const replicaOf = (frames: readonly RelayToViewer[]): Replica =>
  frames.reduce<Replica>(
    (replica, frame) => (frame.type === 'state' ? receive(replica, frame).replica : replica),
    emptyReplica,
  )

export const storedState = async (world: World): Promise<StateItem> =>
  stateItemSchema.parse(await world.ports.live.get(stateKey(printerId)))

/** What is stored, as a replica would hold it. */
export const storedReplica = async (world: World): Promise<Replica['held']> => {
  const { gen, seq, k, full } = snapshotOf(printerId, await storedState(world))
  return { gen, seq, k, state: full }
}
