import type { Relay } from '../relay/create-relay.ts'
import { accepted, answering } from './error-answer.ts'
import { callerOf, type SocketEvent } from './socket-event.ts'

/** `$disconnect`: best effort, may be missing or late. */
export const disconnectHandler =
  (relay: Pick<Relay, 'ports' | 'disconnected'>) => (event: SocketEvent) =>
    answering(
      relay.ports,
      () => event.requestContext.requestId,
      async () => {
        await relay.disconnected(callerOf(event))
        return accepted
      },
    )
