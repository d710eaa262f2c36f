import type { Relay } from '../relay/create-relay.ts'
import { accepted, answering } from './error-answer.ts'
import { callerOf, type SocketEvent } from './socket-event.ts'

/**
 * Any frame on any route. The connection's own kind decides what it may say, so a frame that came
 * by a wrong route, or by `$default`, gets its error from the same place.
 */
export const messageHandler = (relay: Pick<Relay, 'ports' | 'said'>) => (event: SocketEvent) =>
  answering(
    relay.ports,
    () => event.requestContext.requestId,
    async () => {
      await relay.said(callerOf(event), event.body ?? '')
      return accepted
    },
  )
