import type { Generation } from '../../../protocol/ids.ts'
import type { Hello } from '../../../protocol/hello.ts'
import { limits } from '../../../protocol/limits.ts'
import { timeOuts } from '../../../protocol/time-outs.ts'
import { aliveIndex } from '../table/alive-index.ts'
import {
  absent,
  all,
  any,
  contains,
  equal,
  less,
  not,
  present,
  type Condition,
} from '../table/condition.ts'
import { expirySeconds, keptFor } from '../table/expiry.ts'
import type { StateItem } from './state-item.ts'
import type { Change } from '../table/table.ts'

/** A hello that wants to own its printer. */
export interface Claim {
  readonly printerId: string
  readonly gen: Generation
  readonly conn: string
  readonly tok: number
  /** When the token ends, ms since 1970; `undefined` for the newest. */
  readonly retireAt: number | undefined
  readonly hello: Hello
  readonly now: number
}

/** The same connection said hello again. */
const sameConnection = ({ gen, hello }: Claim): Condition =>
  all(equal('gen', gen), less('seq', hello.seq))

/** The owner before is this process, or none, or was silent for ten minutes. */
const ownerYields = ({ hello, now }: Claim): Condition =>
  any(equal('inst', hello.instance), absent('inst'), less('seenAt', now - timeOuts.ownerForgotten))

/** A process start that was never superseded may take over once: else two clones would fight. */
const freshStart = ({ hello }: Claim): Condition =>
  hello.fresh ? not(contains('past', hello.instance)) : any()

const newerConnection = (claim: Claim): Condition =>
  all(less('gen', claim.gen), any(ownerYields(claim), freshStart(claim)))

/** When a hello is accepted (design §6). */
export const mayTakeOver = (claim: Claim): Condition =>
  any(absent('gen'), sameConnection(claim), newerConnection(claim))

/** `past` was computed from this owner: the write holds only while it still is the owner. */
export const ownerIsStill = (before: StateItem | undefined): Condition =>
  before ? equal('gen', before.gen) : absent('gen')

/** What an accepted hello writes. The head of the event log is kept. */
export const takeOver = (claim: Claim, before: StateItem | undefined): Change => {
  const { gen, conn, tok, retireAt, hello, now } = claim
  const set = {
    gen,
    seq: hello.seq,
    k: hello.seq,
    conn,
    inst: hello.instance,
    tok,
    past: pastAfter(before, hello.instance),
    st: 'pending',
    kf: JSON.stringify(hello.state),
    mode: 'watched',
    interval: hello.interval,
    agentNow: hello.agentNow,
    seenAt: now,
    online: true,
    [aliveIndex.attribute]: aliveIndex.value,
    expiresAt: expirySeconds(now + keptFor.state),
  }
  const end = retiring(retireAt)
  return {
    set: [...Object.entries(set), ...end],
    remove: ['patch', ...(end.length > 0 ? [] : ['retireAt'])],
  }
}

/** The end of an owner's token as STATE holds it, so that its frames need no look at the token. */
const retiring = (retireAt: number | undefined) =>
  retireAt === undefined ? [] : [['retireAt', retireAt] as const]

/** The last superseded instances: the owner's joins them when another process takes over. */
const pastAfter = (before: StateItem | undefined, instance: string): readonly string[] => {
  if (!before) return []
  const { inst, past } = before
  if (inst === undefined || inst === instance) return past
  return [...past.filter((one) => one !== inst), inst].slice(-limits.pastInstances)
}

/**
 * The very hello whose token was read again: an earlier one of the same connection must not confirm
 * for it, because its own reading may be from before a revocation.
 */
const stillPending = ({ gen, hello }: Claim): Condition =>
  all(equal('gen', gen), equal('seq', hello.seq), equal('st', 'pending'))
const stillMine = (gen: Generation): Condition => equal('gen', gen)

/**
 * `retireAt` is of the second reading. It is only ever set here: a newer token that came after this
 * reading has put its own there.
 */
export const confirmation = (claim: Claim, retireAt: number | undefined) => {
  const change: Change = { set: [['st', 'on'], ...retiring(retireAt)] }
  return [change, stillPending(claim)] as const
}

/** The token changed between the two reads: nobody owns the printer now. */
export const withdrawal = (gen: Generation) => [withdrawn, stillMine(gen)] as const

export const withdrawn: Change = {
  set: [
    ['st', 'off'],
    ['online', false],
  ],
  remove: ['inst'],
}

/** A state that could not be read is replaced whole by the next hello. */
export const replaceDamaged = (claim: Claim): readonly [Change, Condition] => {
  const change = takeOver(claim, undefined)
  return [{ ...change, remove: [...(change.remove ?? []), 'ev', 'hwm'] }, present('pk')]
}
