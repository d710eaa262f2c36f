import type { Generation } from '../../../protocol/ids.ts'
import { audienceOf } from '../watching/audience.ts'
import { equal, type Condition } from '../table/condition.ts'
import { fanOut } from '../watching/fan-out.ts'
import { stateKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'

/** A `$disconnect` can come after the agent's next connection took over. */
const stillOwner = (gen: Generation): Condition => equal('gen', gen)

/** Only hello sets `online`; `alive` stays, so that the watchdog tells of it when it lasts. */
export const agentDisconnected = async (
  ports: Ports,
  printerId: string,
  gen: Generation,
): Promise<void> => {
  const change = { set: [['online', false] as const] }
  const outcome = await ports.live.update(stateKey(printerId), change, stillOwner(gen))
  if (outcome === 'done') await tellPresence(ports, printerId, gen)
}

/** Tells the audience that this owner went, unless another came meanwhile. */
export const tellPresence = async (
  ports: Ports,
  printerId: string,
  gen: Generation,
): Promise<void> => {
  const { state, targets } = await audienceOf(ports, printerId)
  if (state?.gen !== gen || state.online) return
  const presence = { type: 'presence', printerId, gen, seq: state.seq, online: false } as const
  await fanOut(ports, printerId, targets, [presence])
}
