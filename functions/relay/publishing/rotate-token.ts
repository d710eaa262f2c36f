import { timeOuts } from '../../../protocol/time-outs.ts'
import { readPrinter, standingOf } from './agent-token.ts'
import { all, equal, less, present, type Condition } from '../table/condition.ts'
import { endOwner, endThisOwner } from './end-owner.ts'
import { RelayError } from '../errors.ts'
import { printerKey, stateKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import type { PrinterItem } from '../sites/printer-item.ts'
import type { StateItem } from './state-item.ts'
import type { Change } from '../table/table.ts'

// A printer's older token works until the newer one connects, and at most ten minutes. The truth is
// the printer's `retireAt`. Its copy in STATE refuses the owner's frames on time without a look at
// the token, and tells the watchdog, which looks each minute and may take one to end a connection.

/** So long (ms) an older token works; the watchdog's two minutes are within the ten. */
export const overlap = timeOuts.tokenOverlap - 2 * timeOuts.watchdog

/** No other token was given meanwhile. */
const versionIs = (version: number): Condition => all(present('pk'), equal('version', version))
/** The owner came with an older token. */
const ownerIsOlder = (version: number): Condition => less('tok', version)
/** The very mark that was found wrong. */
const markIs = ({ gen, retireAt = 0 }: StateItem): Condition =>
  all(equal('gen', gen), equal('retireAt', retireAt))

export interface AddedToken {
  readonly version: number
  /** An older token works until this one connects. */
  readonly rotates: boolean
}

/** Each refusal means that another token was given, so this ends. */
const tries = 5

/** Gives a printer another token. The one before it retires; one that is older still goes at once. */
export const addToken = async (
  ports: Ports,
  printerId: string,
  tokenHash: string,
): Promise<AddedToken> => {
  for (let left = tries; left > 0; left -= 1) {
    const printer = await readPrinter(ports, printerId)
    if (!printer) throw new RelayError('not_found', 'No such printer.', { printerId })
    const plan = planOf(printer, tokenHash, ports.now())
    const when = versionIs(printer.version)
    const done = await ports.directory.update(printerKey(printerId), plan.change, when)
    if (done === 'done') return settle(ports, printerId, plan)
  }
  throw new RelayError('unavailable', 'Another token was added meanwhile: try again.')
}

interface Plan extends AddedToken {
  readonly change: Change
  readonly retireAt: number | undefined
  /** The version that goes on for a while; all below it end now. */
  readonly kept: number | undefined
}

const planOf = (printer: PrinterItem, tokenHash: string, now: number): Plan => {
  const known = printer.tokens[tokenHash]
  const version = known ?? printer.version + 1
  const older = Object.entries(printer.tokens).filter(([, held]) => held < version)
  const standing = older.filter(([, held]) => standingOf(printer, held, now).stands)
  const kept = standing.length > 0 ? Math.max(...standing.map(([, held]) => held)) : undefined
  // Repeated after a crash, it keeps the time that was set.
  const soon = known === undefined ? now + overlap : (printer.retireAt ?? now + overlap)
  const retireAt = kept === undefined ? undefined : soon
  const remove = older
    .filter(([, held]) => held !== kept)
    .map(([hash]) => ['tokens', hash] as const)
  const set = [
    ['version', Math.max(version, printer.version)] as const,
    [['tokens', tokenHash], version] as const,
    ...(retireAt === undefined ? [] : [['retireAt', retireAt] as const]),
  ]
  const change = { set, remove: retireAt === undefined ? [...remove, 'retireAt'] : remove }
  return { version, rotates: kept !== undefined, change, retireAt, kept }
}

/** The printer's item is written: now the owner, if it came with an older token. */
const settle = async (ports: Ports, printerId: string, plan: Plan): Promise<AddedToken> => {
  const { version, rotates, retireAt, kept } = plan
  if (retireAt !== undefined) {
    const mark = { set: [['retireAt', retireAt] as const] }
    await ports.live.update(stateKey(printerId), mark, ownerIsOlder(version))
  }
  await endOwner(ports, printerId, (held) => held < (kept ?? version))
  return { version, rotates }
}

/** The newest token connected: those before it are not valid any more, and own nothing. */
export const retireOlder = async (
  ports: Ports,
  printerId: string,
  printer: PrinterItem | undefined,
  version: number,
): Promise<void> => {
  if (printer?.version !== version) return
  const older = Object.entries(printer.tokens).filter(([, held]) => held < version)
  if (older.length === 0) return
  const remove = [...older.map(([hash]) => ['tokens', hash] as const), 'retireAt']
  const when = versionIs(version)
  if ((await ports.directory.update(printerKey(printerId), { remove }, when)) === 'refused') return
  // One of them may have become the owner between this hello and that write.
  await endOwner(ports, printerId, (held) => held < version)
}

/**
 * The time has come that STATE has for the end of its owner's token: ends the owner if the token is
 * not valid indeed, and answers whether. Else the mark is put right.
 */
export const endIfRetired = async (
  ports: Ports,
  printerId: string,
  state: StateItem,
): Promise<boolean> => {
  const printer = await readPrinter(ports, printerId)
  const standing = standingOf(printer, state.tok, ports.now())
  if (!standing.stands) {
    await endThisOwner(ports, printerId, state)
    return true
  }
  const { retireAt } = standing
  const change: Change =
    retireAt === undefined ? { remove: ['retireAt'] } : { set: [['retireAt', retireAt]] }
  await ports.live.update(stateKey(printerId), change, markIs(state))
  return false
}
