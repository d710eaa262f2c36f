import type { Ports } from '../ports.ts'
import { post, tryToEnd } from '../post.ts'
import type { StateItem } from './state-item.ts'

/**
 * Tells a connection that a frame of another generation stands: its own process (or none any more)
 * opens a new connection, another process stays idle and tries again later (design §6).
 */
export const answerNewerOwner = async (
  ports: Ports,
  connectionId: string,
  instance: string | undefined,
  { gen, conn, inst }: StateItem,
): Promise<void> => {
  if (inst !== undefined && instance !== undefined && inst !== instance) {
    ports.metrics.count('fluxrelay_publishes_total', 1, 'superseded')
    ports.log.info({ connectionId, by: inst, gen, conn }, 'an agent is superseded')
    return tryToEnd(ports, connectionId, 'superseded', inst)
  }
  ports.metrics.count('fluxrelay_publishes_total', 1, 'redial')
  await post(ports, connectionId, { type: 'redial' })
}
