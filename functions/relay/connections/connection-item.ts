import * as z from 'zod/mini'
import { instanceSchema, millisecondsSchema, ridSchema } from '../../../protocol/ids.ts'
import { RelayError } from '../errors.ts'
import { expired } from '../table/expiry.ts'
import { connectionKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { readItem } from '../table/read-item.ts'

export const connectionItemSchema = z.object({
  principal: z.string(),
  kind: z.enum(['agent', 'viewer']),
  /** The printers it subscribed to, with the rid of the subscribe. */
  subs: z.record(z.string(), ridSchema),
  /** The end of the sign-in, ms since 1970. */
  until: millisecondsSchema,
  /** The agent's process start, known from its hello. */
  inst: z.optional(instanceSchema),
  /** When the bucket of its subscribes and syncs is full again. */
  asks: z.optional(millisecondsSchema),
  /** The same of an agent's hellos and frames that are not stored. */
  unstored: z.optional(millisecondsSchema),
  expiresAt: z.number(),
})
export type ConnectionItem = z.infer<typeof connectionItemSchema>

/** The connection's item, if it is known at all. */
export const readConnection = async (
  ports: Ports,
  connectionId: string,
): Promise<ConnectionItem | undefined> => {
  const item = await readItem(ports.live, connectionItemSchema, connectionKey(connectionId))
  return item && !expired(item, ports.now()) ? item : undefined
}

export const unknownConnection = (): RelayError =>
  new RelayError('unknown_connection', 'The relay does not know this connection: open another.')

/** The connection's item while its sign-in lasts; refuses otherwise. */
export const liveConnection = async (
  ports: Ports,
  connectionId: string,
): Promise<ConnectionItem> => {
  const item = await readConnection(ports, connectionId)
  if (!item) throw unknownConnection()
  if (item.until <= ports.now())
    throw new RelayError('session_expired', 'The sign-in ran out: send `renew` with a new ticket.')
  return item
}
