import { expect, it } from 'vitest'
import { mutations, type MutationName } from './mutations.ts'
import { firstFailure, range } from './seeds.ts'

/** Where a seed that notices was found: tried first, so that this stays fast when nothing moved. */
const noticedBy: Record<MutationName, number> = {
  'the last subscribe to arrive decides': 18,
  'a handler reads the token once': 624,
  'patches hold differences': 1,
  'a publish needs no higher seq': 2,
  'conditions are judged before the write': 3,
  '$disconnect ends whoever owns': 124,
  'history is confirmed and not kept': 1,
  'a chunk that comes late replaces what is there': 1,
  'a viewer is not told what the relay lacks': 44,
  'a guest is sent the full view': 7,
  'a withdrawal lets the guests stay': 7,
}

it.each(Object.keys(mutations) as MutationName[])(
  'notices that %s',
  async (name) => {
    const outcome = await firstFailure(range(noticedBy[name], 300), { mutation: mutations[name] })
    expect(outcome?.violation?.property).toBeDefined()
  },
  120_000,
)
