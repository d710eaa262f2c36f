import { timeOuts } from '../../../protocol/time-outs.ts'
import type { ConnectionItem } from './connection-item.ts'
import { expirySeconds } from '../table/expiry.ts'

/** Where a lease from now on ends (ms since 1970): never after the sign-in, nor after the link. */
export const leaseEnd = (
  now: number,
  { until: session }: Pick<ConnectionItem, 'until'>,
  grantUntil = Infinity,
): number => Math.min(now + timeOuts.lease, session, grantUntil)

/** What an entry that is leased so long has. */
export const setsOf = (until: number) =>
  [['until', until] as const, ['expiresAt', expirySeconds(until)] as const] as const
