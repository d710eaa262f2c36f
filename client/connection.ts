import { isGatewayNotice } from '../protocol/gateway-notice.ts'
import { parseFrame } from '../protocol/parse-frame.ts'
import { relayToViewer, type RelayToViewer } from '../protocol/relay-to-viewer.ts'
import { timeOuts } from '../protocol/time-outs.ts'
import { subprotocol } from '../protocol/version.ts'
import type { ViewerToRelay } from '../protocol/viewer-to-relay.ts'
import type { ClientDeps, SocketLike } from './deps.ts'

export interface ConnectionEvents {
  opened(): void
  frame(frame: RelayToViewer): void
  /** A frame came that does not fit the contract. */
  unreadable(): void
  /** Once at most, and never after `end`. */
  lost(): void
}

/** One socket, in frames. */
export interface Connection {
  send(frame: ViewerToRelay): void
  /** Ends it quietly. */
  end(): void
  /** Ends it and says `lost`. */
  giveUp(): void
}

/** Dials with a ticket. A handshake that takes too long counts as a lost connection. */
export const openConnection = (
  { clock, openSocket, config }: Pick<ClientDeps, 'clock' | 'openSocket' | 'config'>,
  ticket: string,
  events: ConnectionEvents,
): Connection => {
  let live = true
  const url = new URL(config.socket)
  url.searchParams.set('ticket', ticket)
  const socket: SocketLike = openSocket(url.href, subprotocol)
  const end = () => {
    if (!live) return
    live = false
    cancelDial()
    socket.close()
  }
  const giveUp = () => {
    if (!live) return
    end()
    events.lost()
  }
  const cancelDial = clock.after(timeOuts.dial, giveUp)
  socket.listen({
    opened: () => {
      if (!live) return
      cancelDial()
      events.opened()
    },
    said: (text) => {
      if (!live) return
      const parsed = parseFrame(relayToViewer, text)
      if (parsed.ok) events.frame(parsed.frame)
      else if (!isGatewayNotice(text)) events.unreadable()
    },
    ended: giveUp,
  })
  return {
    send: (frame) => {
      if (live) socket.send(JSON.stringify(frame))
    },
    end,
    giveUp,
  }
}
