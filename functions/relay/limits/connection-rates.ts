import type { Condition } from '../table/condition.ts'
import { connectionItemSchema, type ConnectionItem } from '../connections/connection-item.ts'
import type { About } from '../errors.ts'
import { connectionKey } from '../table/keys.ts'
import type { Ports } from '../ports.ts'
import { rateLimited, takeFrom } from './rate-limit.ts'
import { rateLimits } from './rate-limits.ts'
import { readItem } from '../table/read-item.ts'
import { updateTaking, type Riding } from './riding-bucket.ts'
import type { Change } from '../table/table.ts'

type ConnectionRiding = Riding & {
  readonly path: 'asks' | 'unstored'
  /** In words, for who is refused. */
  readonly what: string
}

/** Subscribes and syncs of a viewer's connection. */
export const asks: ConnectionRiding = {
  ...{ path: 'asks', bucket: rateLimits.asks, what: 'requests on this connection' },
}
/** Hellos of an agent's connection, and its frames that are not stored. */
export const unstored: ConnectionRiding = {
  ...{ path: 'unstored', bucket: rateLimits.unstored, what: 'hellos or frames that do not fit' },
}

interface Write {
  readonly change: Change
  readonly when: Condition
  readonly about?: About
}

/**
 * Writes to a connection's item and takes a token of its bucket with it. False: `when` did not
 * hold. Throws `rate_limited` when the bucket is empty.
 */
export const writeTaking = async (
  ports: Ports,
  connectionId: string,
  bucket: ConnectionRiding,
  { change, when, about }: Write,
): Promise<boolean> => {
  const key = connectionKey(connectionId)
  const now = ports.now()
  if ((await updateTaking(ports.live, key, { change, when }, { bucket, now })) === 'done')
    return true
  const item: ConnectionItem | undefined = await readItem(ports.live, connectionItemSchema, key)
  const taken = takeFrom(bucket.bucket, item?.[bucket.path], now)
  if (!taken.taken) throw rateLimited(bucket.what, taken.retryAfter, about)
  return false
}
