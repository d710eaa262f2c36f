import { limits } from '../../../protocol/limits.ts'
import type { View } from '../../../protocol/view.ts'
import { eventInView } from './in-view.ts'
import type { Ports } from '../ports.ts'
import { post } from '../post.ts'
import { eventsAfter } from '../past/read-events.ts'

/** Who asked, and what they have shown. */
export interface Behind {
  readonly connectionId: string
  readonly printerId: string
  readonly view: View
  readonly since: number
  readonly head: number
}

/**
 * Posts the few events that happened while a viewer was away, so that a short absence costs it no
 * page by REST; of many it pages, as of what is lost here.
 */
export const catchUp = async (ports: Ports, behind: Behind): Promise<void> => {
  const { connectionId, printerId, view, since, head } = behind
  if (since >= head || head - since > limits.eventsPerBatch) return
  const { events } = await eventsAfter(ports, printerId, since, limits.eventsPerBatch)
  for (const event of events) {
    const frame = { type: 'event', ...eventInView(view, event) } as const
    if ((await post(ports, connectionId, frame)) === 'gone') return
  }
}
