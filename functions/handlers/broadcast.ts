import { describeIssues } from '../../protocol/parse-frame.ts'
import { broadcastBatchSchema } from '../relay/watching/broadcast-batch.ts'
import type { Relay } from '../relay/create-relay.ts'

/** One batch of a large audience. Never rejects: a retry would send old frames again. */
export const broadcastHandler =
  (relay: Relay) =>
  async (event: unknown): Promise<void> => {
    const { log } = relay.ports
    const batch = broadcastBatchSchema.safeParse(event)
    if (!batch.success)
      return log.error({ issues: describeIssues(batch.error.issues) }, 'no broadcast batch')
    try {
      await relay.broadcast(batch.data)
    } catch (error) {
      log.error({ error: String(error) }, 'a broadcast batch failed')
    }
  }
