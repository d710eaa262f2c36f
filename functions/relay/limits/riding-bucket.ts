import { all, greater, not, type Condition } from '../table/condition.ts'
import type { Bucket } from './rate-limit.ts'
import type { Change, Key, Outcome, Table } from '../table/table.ts'

// A bucket on an item that is written anyway costs no write of its own. Nothing is read first: a
// full bucket begins anew, another is counted on where it stands, and the write is refused where
// neither can be. So also many frames at once need no more than two tries each.

/** The attribute that holds when a bucket is full again (ms since 1970). */
export interface Riding {
  readonly path: string
  readonly bucket: Bucket
}

export interface Taking {
  readonly change: Change
  readonly when: Condition
}

/** Takes a token with a change if the bucket is full, as it is when nobody hurries. */
export const takingFromFull = ({ path, bucket }: Riding, now: number) => ({
  change: { set: [[path, now + bucket.everyMs] as const] },
  when: not(greater(path, now)),
})

/** Takes one from a bucket that is not full and not empty. */
export const takingFromRest = ({ path, bucket: { everyMs, burst } }: Riding, now: number) => ({
  change: { add: [[path, everyMs] as const] },
  when: all(greater(path, now), not(greater(path, now + everyMs * (burst - 1)))),
})

/** A change that also takes the token. */
export const riding = (change: Change, taking: Taking): Change => ({
  ...change,
  set: [...(change.set ?? []), ...(taking.change.set ?? [])],
  ...(taking.change.add && { add: taking.change.add }),
})

/** A change that is made only if a token can be taken with it. Refused: by `when`, or too often. */
export const updateTaking = async (
  table: Table,
  key: Key,
  { change, when }: Taking,
  { bucket, now }: { readonly bucket: Riding; readonly now: number },
): Promise<Outcome> => {
  for (const taking of [takingFromFull(bucket, now), takingFromRest(bucket, now)])
    if ((await table.update(key, riding(change, taking), all(when, taking.when))) === 'done')
      return 'done'
  return 'refused'
}
