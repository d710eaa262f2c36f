import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import { createFramesGuard } from './frames-guard.ts'
import { GuardedSocket } from './guarded-socket.ts'
import type { GatewayLimits } from './limits.ts'

export interface Handshake {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** Answers 101; undefined when the client was gone by then. */
export type Accept = (
  handshake: Handshake,
  subprotocol: string | undefined,
) => WebSocket | undefined

/** The WebSocket half of the gateway, with the cloud's limits instead of the library's. */
export const createAccept = (limits: GatewayLimits): Accept => {
  const subprotocols = new WeakMap<IncomingMessage, string>()
  const options = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    closeTimeout: limits.closeGraceMs,
    // Unasked, the library would choose the client's first offer and so hide a `$connect` that
    // forgot to answer one: in the cloud a browser then fails.
    handleProtocols: (_offered: Set<string>, request: IncomingMessage) =>
      subprotocols.get(request) ?? false,
  }
  const server = new WebSocketServer(options)

  return ({ request, socket, head }, subprotocol) => {
    // Whoever hung up by now has been heard: a listener that comes later waits in vain for the end.
    if (!socket.readable) {
      socket.destroy()
      return undefined
    }
    if (subprotocol !== undefined) subprotocols.set(request, subprotocol)
    let accepted: WebSocket | undefined
    const guarded = new GuardedSocket(socket, head, createFramesGuard(limits.frameBytes))
    // Its callback runs before it returns, or never.
    server.handleUpgrade(request, guarded, Buffer.alloc(0), (opened) => (accepted = opened))
    return accepted
  }
}
