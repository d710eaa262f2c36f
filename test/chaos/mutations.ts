import type { Condition } from '../../functions/relay/table/condition.ts'
import { shareKey, shareOfSiteKey } from '../../functions/relay/table/keys.ts'
import type { Change, Table } from '../../functions/relay/table/table.ts'
import { agentToRelay } from '../../protocol/agent-to-relay.ts'
import { applyPatch, changedFields, patchOf } from '../../protocol/delta.ts'
import { emptyState, type PrinterState } from '../../protocol/printer-state.ts'
import { readThenWrite, withoutRid } from '../model/broken.ts'
import type { FaultKind } from './faults.ts'
import type { Variant } from './invocations.ts'

/** A broken variant of the system, to show that the harness notices. */
export interface Mutation {
  readonly variant?: Variant
  /** Made anew for each connection: changes what the agent says. */
  readonly agentSays?: () => (text: string) => string
  readonly viewerHears?: (text: string) => string
  /** The faults that bring it to light, at their strongest; all kinds when undefined. */
  readonly only?: readonly FaultKind[]
}

const live =
  (broken: (table: Table) => Table): NonNullable<Variant['table']> =>
  (table, name) =>
    name === 'live' ? broken(table) : table

const setOf = (change: Change, path: string) =>
  change.set?.find(([changed]) => changed === path)?.[1]

/** The condition without every part that `drop` names. */
const without = (
  when: Condition | undefined,
  drop: (part: Condition) => boolean,
): Condition | undefined => {
  if (!when || drop(when)) return undefined
  if (when.kind !== 'all') return when
  const of = when.of.flatMap((part) => without(part, drop) ?? [])
  return { ...when, of }
}

const publishWithout =
  (drop: (part: Condition) => boolean) =>
  (table: Table): Table => ({
    ...table,
    update: (key, change, when) => {
      const publishes = key.sk === 'STATE' && setOf(change, 'seq') !== undefined
      const hello = setOf(change, 'gen') !== undefined
      return table.update(key, change, publishes && !hello ? without(when, drop) : when)
    },
  })

/** What each handler read of the directory once, it believes for the rest of its run. */
const readingOnce = (table: Table): Table => {
  const known = new Map<string, ReturnType<Table['get']>>()
  return {
    ...table,
    get: (key) => {
      const name = `${key.pk} ${key.sk}`
      const before = known.get(name) ?? table.get(key)
      known.set(name, before)
      return before
    },
  }
}

/** Only what changed since the frame before, instead of since the keyframe. */
const differences = () => {
  let state: PrinterState = emptyState
  return (text: string): string => {
    const frame = agentToRelay.parse(JSON.parse(text))
    const before = state
    if (frame.action === 'hello') state = frame.state
    else state = frame.full ?? applyPatch(before, frame.patch ?? {})
    if (frame.action === 'hello' || frame.full) return text
    return JSON.stringify({ ...frame, patch: patchOf(state, changedFields(before, state)) })
  }
}

/** Schemes that look right and are not (design §6 says why); each must be noticed. */
export const mutations = {
  'the last subscribe to arrive decides': { variant: { table: live(withoutRid) } },
  'a handler reads the token once': {
    variant: { table: (table, name) => (name === 'directory' ? readingOnce(table) : table) },
    only: ['token rotated', 'handler slow', 'connection cut', 'store hangs'],
  },
  'patches hold differences': { agentSays: differences },
  'a publish needs no higher seq': {
    variant: {
      table: live(publishWithout((part) => part.kind === 'less' && part.path === 'seq')),
    },
  },
  'conditions are judged before the write': { variant: { table: live(readThenWrite) } },
  '$disconnect ends whoever owns': {
    variant: {
      table: live((table) => ({
        ...table,
        update: (key, change, when) => {
          const leaves = change.set?.length === 1 && setOf(change, 'online') === false
          return table.update(key, change, leaves && !change.remove ? undefined : when)
        },
      })),
    },
  },
  'history is confirmed and not kept': {
    variant: {
      table: (table, name) => ({
        ...table,
        put: async (item, when) =>
          name === 'directory' && item.pk.startsWith('T#') ? 'done' : table.put(item, when),
      }),
    },
  },
  'a chunk that comes late replaces what is there': {
    variant: {
      table: (table) => ({
        ...table,
        put: (item, when) => table.put(item, item.pk.startsWith('T#') ? undefined : when),
      }),
    },
  },
  'a viewer is not told what the relay lacks': {
    viewerHears: (text) => {
      const frame = JSON.parse(text) as { type?: string }
      return frame.type === 'pong' ? JSON.stringify({ ...frame, missing: [] }) : text
    },
  },
  'a guest is sent the full view': {
    variant: {
      table: live((table) => ({
        ...table,
        put: (item, when) =>
          table.put(item['view'] === 'basic' ? { ...item, view: 'full' } : item, when),
        update: (key, change, when) => {
          const set = change.set?.map(
            ([path, value]) => [path, path === 'view' ? 'full' : value] as const,
          )
          return table.update(key, set ? { ...change, set } : change, when)
        },
      })),
    },
    only: [],
  },
  'a withdrawal lets the guests stay': {
    variant: {
      relay: (relay, { directory }) => ({
        ...relay,
        revokeShare: async (_person, siteId, hash) => {
          await directory.delete(shareKey(hash))
          await directory.delete(shareOfSiteKey(siteId, hash))
        },
      }),
    },
    only: ['link withdrawn'],
  },
} as const satisfies Record<string, Mutation>

export type MutationName = keyof typeof mutations
