import type { PrinterId } from '../../protocol/ids.ts'
import type { LoggedEvent } from '../../protocol/printer-event.ts'
import { nodeDeps } from '../../client/node-socket.ts'
import { createRest } from '../../client/rest.ts'
import { connectClient, demoToken } from '../support/relay.ts'

/** Watches a printer as a viewer does, and reads its log by pages in the end. */
export const follow = async (origin: string, printerId: PrinterId) => {
  let current = await demoToken(origin)
  const token = async ({ fresh }: { readonly fresh: boolean }) =>
    (current = fresh ? await demoToken(origin) : current)
  const client = connectClient(origin, current, { token })
  const rest = createRest({
    ...nodeDeps(),
    config: { api: origin, socket: '' },
    token,
  })
  const shown: LoggedEvent[] = []
  const listeners = new Set<() => void>()
  client.onEvent((event) => {
    shown.push(event)
    for (const listener of listeners) listener()
  })
  client.start()
  client.watch(printerId)
  const wholeLog = async (): Promise<LoggedEvent[]> => {
    const log: LoggedEvent[] = []
    for (let after = 0; ;) {
      const { events, next, head } = await rest.events(printerId, { after, limit: 100 })
      log.push(...events)
      if (next >= head || next === after) return log
      after = next
    }
  }
  return {
    client,
    shown,
    wholeLog,
    /** Calls for each event that is shown. */
    onShown: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
export type Follower = Awaited<ReturnType<typeof follow>>
