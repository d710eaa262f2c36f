import { WebSocket, type RawData } from 'ws'
import { limits } from '../../protocol/limits.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { subprotocol } from '../../protocol/version.ts'
import type { Clock } from '../clock.ts'
import type { Dial, Ended } from './dial.ts'
import { keepOpen } from './keep-open.ts'

/** The relay gets so long (ms) to answer our close before the socket is destroyed. */
const closeWait = 2000

/** Dials the relay with `ws`; the token travels in the header and nowhere else. */
export const wsDial =
  ({ url, token, clock }: { url: string; token: string; clock: Clock }): Dial =>
  (events) => {
    const socket = new WebSocket(url, [subprotocol], {
      headers: { Authorization: `Bearer ${token}` },
      handshakeTimeout: timeOuts.dial,
      perMessageDeflate: false,
      maxPayload: limits.frameBytes,
      followRedirects: false,
    })
    let how: Ended | undefined
    let cancelDestroy = () => {}
    let stopPings = () => {}
    const lost = () => {
      how = { kind: 'failed', code: 'no answer to a ping' }
      socket.terminate()
    }
    socket.on('unexpected-response', (request, response) => {
      how = { kind: 'refused', status: response.statusCode ?? 0 }
      response.resume()
      request.destroy()
      socket.terminate()
    })
    socket.on('open', () => {
      stopPings = keepOpen(socket, clock, lost)
      events.opened()
    })
    socket.on('message', (data, isBinary) => events.said(isBinary ? '' : textOf(data)))
    socket.on('error', (error) => {
      how ??= { kind: 'failed', code: codeOf(error) }
    })
    socket.on('close', (code) => {
      cancelDestroy()
      stopPings()
      events.ended(how ?? { kind: 'closed', code })
    })
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text, () => {})
      },
      end: () => {
        socket.close(1000)
        cancelDestroy()
        cancelDestroy = clock.after(closeWait, () => socket.terminate())
      },
    }
  }

const textOf = (data: RawData): string =>
  Buffer.isBuffer(data)
    ? data.toString('utf8')
    : Array.isArray(data)
      ? Buffer.concat(data).toString('utf8')
      : Buffer.from(data).toString('utf8')

/** A system code, or the words of ws itself ("Server sent no subprotocol"); never a header. */
const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.message.slice(0, 80)
