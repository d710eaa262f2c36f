import * as z from 'zod/mini'
import { applyPatch } from '../../../protocol/delta.ts'
import {
  cursorSchema,
  generationSchema,
  instanceSchema,
  millisecondsSchema,
  seqSchema,
} from '../../../protocol/ids.ts'
import { modeSchema } from '../../../protocol/mode.ts'
import { patchSchema, printerStateSchema } from '../../../protocol/printer-state.ts'
import type { Snapshot } from '../../../protocol/rest.ts'
import { DamagedItemError } from '../errors.ts'
import { marksSchema } from '../past/event-item.ts'
import { expired } from '../table/expiry.ts'
import { stateKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { jsonOf, readItem } from '../table/read-item.ts'

/** A printer's live state: keyframe and patch are JSON texts, merged only when read. */
export const stateItemSchema = z.object({
  gen: generationSchema,
  seq: seqSchema,
  k: seqSchema,
  /** The owner's connection, its process start, and the version of its token. */
  conn: z.string(),
  inst: z.optional(instanceSchema),
  tok: z.int(),
  /** The last superseded instances, oldest first. */
  past: z.array(instanceSchema),
  st: z.enum(['pending', 'on', 'off']),
  kf: z.string(),
  patch: z.optional(z.string()),
  mode: modeSchema,
  interval: millisecondsSchema,
  agentNow: millisecondsSchema,
  /** When the relay took the newest frame in. */
  seenAt: millisecondsSchema,
  /** Head of the event log and its high-water marks, written together and only by appending. */
  ev: z.optional(cursorSchema),
  hwm: z.optional(marksSchema),
  online: z.boolean(),
  /** When the owner's token ends because a newer one was given; unset while it is the newest. */
  retireAt: z.optional(millisecondsSchema),
  /** When the bucket of the printer's state frames is full again. */
  due: z.optional(millisecondsSchema),
  alive: z.optional(z.string()),
  expiresAt: z.number(),
})
export type StateItem = z.infer<typeof stateItemSchema>

/** The state as stored now, read consistently; `undefined` when no agent spoke for long. */
export const readState = async (
  ports: Ports,
  printerId: string,
): Promise<StateItem | undefined> => {
  const state = await readItem(ports.live, stateItemSchema, stateKey(printerId))
  return state && !expired(state, ports.now()) ? state : undefined
}

/** What a `state` snapshot says, merged from keyframe and patch. */
export const snapshotOf = (printerId: string, item: StateItem): Snapshot => {
  const { gen, seq, k, mode, interval, online, agentNow, seenAt, ev } = item
  const full = mergedState(printerId, item)
  return { gen, seq, k, mode, interval, online, relayAt: seenAt, agentNow, ev: ev ?? 0, full }
}

const mergedState = (printerId: string, { kf, patch }: StateItem): Snapshot['full'] => {
  const full = printerStateSchema.safeParse(jsonOf(kf))
  const changes = patchSchema.safeParse(jsonOf(patch ?? '{}'))
  if (full.success && changes.success) return applyPatch(full.data, changes.data)
  throw new DamagedItemError(stateKey(printerId), 'keyframe or patch')
}
