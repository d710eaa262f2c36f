import { subprotocol } from '../../protocol/version.ts'
import type { Relay } from '../relay/create-relay.ts'
import { RelayError } from '../relay/errors.ts'
import { answering } from './error-answer.ts'
import { callerOf, valueOf, type SocketEvent } from './socket-event.ts'

const protocolHeader = 'Sec-WebSocket-Protocol'

/** `$connect`: the subprotocol must be offered, and the answer must name it itself. */
export const connectHandler = (relay: Relay) => (event: SocketEvent) =>
  answering(
    relay.ports,
    () => event.requestContext.requestId,
    async () => {
      const offered = valueOf(event.headers, protocolHeader.toLowerCase()) ?? ''
      if (!offered.split(',').some((one) => one.trim() === subprotocol))
        throw new RelayError('bad_request', `Offer the WebSocket subprotocol ${subprotocol}.`)
      await relay.connected(callerOf(event))
      return { statusCode: 200, headers: { [protocolHeader]: subprotocol }, body: '' }
    },
  )
