import { deployment } from '../../deployment.ts'
import { isPrinting } from '../../../protocol/is-printing.ts'
import { silencesBeforeAlarm } from '../../../protocol/time-outs.ts'
import { tellPresence } from '../connections/agent-disconnected.ts'
import { aliveIndex } from '../table/alive-index.ts'
import { appendEvents } from '../past/append-events.ts'
import { audienceOf } from '../watching/audience.ts'
import { all, equal, type Condition } from '../table/condition.ts'
import { relaySource } from '../past/event-item.ts'
import { fanOut } from '../watching/fan-out.ts'
import { printerOfState, silenceMark, stateKey } from '../table/keys.ts'
import { inParallel } from '../in-parallel.ts'
import type { Ports } from '../ports.ts'
import { readItem } from '../table/read-item.ts'
import { endIfRetired } from './rotate-token.ts'
import { snapshotOf, stateItemSchema, type StateItem } from './state-item.ts'
import type { Cursor, Key } from '../table/table.ts'

/** Nothing was heard of this owner since it was found silent. */
const stillSilent = ({ gen, seenAt }: StateItem): Condition =>
  all(equal('gen', gen), equal('seenAt', seenAt))

const isSilent = ({ alive, seenAt, interval }: StateItem, now: number): boolean =>
  alive !== undefined && now - seenAt > silencesBeforeAlarm * interval

/** An owner with an older token than the newest, whose time is over (design §5). */
const isRetired = ({ st, retireAt }: StateItem, now: number): boolean =>
  st !== 'off' && retireAt !== undefined && retireAt <= now

/** One at a time, a thousand printers would outlast the handler, and always the same be left out. */
const looksAtOnce = 16

/** Finds agents that fell silent and tells of each (design §6, `watchdog`). Runs each minute. */
export const watch = async (ports: Ports): Promise<void> => {
  let after: Cursor | undefined
  do {
    const page = await ports.live.alive(after)
    await inParallel(page.keys, looksAtOnce, (key) => lookUnharmed(ports, key))
    after = page.after
  } while (after)
}

/** One printer's fault is not the others'. */
const lookUnharmed = async (ports: Ports, key: Key): Promise<void> => {
  try {
    await look(ports, key)
  } catch (error) {
    ports.log.error({ key: key.pk, error: String(error) }, 'the watchdog could not judge a printer')
  }
}

/** The index is late and may hold phantoms, so the item itself decides. */
const look = async (ports: Ports, key: Key): Promise<void> => {
  const stored = await readItem(ports.live, stateItemSchema, key)
  if (!stored) return
  const printerId = printerOfState(key)
  if (isRetired(stored, ports.now())) await endIfRetired(ports, printerId, stored)
  if (!isSilent(stored, ports.now())) return
  await reportSilence(ports, printerId, stored)
  const change = { set: [['online', false] as const], remove: [aliveIndex.attribute] }
  const outcome = await ports.live.update(stateKey(printerId), change, stillSilent(stored))
  if (outcome === 'done') await tellPresence(ports, printerId, stored.gen)
}

const reportSilence = async (ports: Ports, printerId: string, stored: StateItem): Promise<void> => {
  ports.metrics.count('fluxrelay_silent_agents_total')
  const { gen, seenAt } = stored
  const printing = isPrinting(snapshotOf(printerId, stored).full)
  const message = printing ? deployment.silentWhilePrinting : 'an agent fell silent'
  ports.log.warn({ printer: printerId, gen, seenAt }, message)
  const event = {
    src: relaySource,
    m: silenceMark(gen, seenAt),
    at: ports.now(),
    body: { type: 'agent_silent', printing },
  } as const
  const { added } = await appendEvents(ports, printerId, [event])
  const { targets } = await audienceOf(ports, printerId)
  const frames = added.map((one) => ({ type: 'event', ...one }) as const)
  await fanOut(ports, printerId, targets, frames)
}
