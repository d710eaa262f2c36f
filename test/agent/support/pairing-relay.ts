import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import type { ErrorCodeName } from '../../../protocol/error-codes.ts'
import { redeemCodeSchema, type RedeemedCode } from '../../../protocol/rest-pairing.ts'

export const code = 'ACDE3467'
export const secret = 'S3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr3tS3cr3t0'
export const token = `frp_p-1_${secret}`

interface Said {
  readonly status: number
  readonly body: unknown
  readonly headers?: Record<string, string>
}

/** A refusal as the relay words it. */
export const refusal = (status: number, errorCode: ErrorCodeName, retryAfter?: number): Said => ({
  status,
  body: {
    error: {
      ...{ code: errorCode, message: 'no', retryable: status >= 429, requestId: 'request-1' },
      ...(retryAfter === undefined ? {} : { retryAfter }),
    },
  },
})

/** What a relay shows to an agent that pairs: config.json, the taker of codes, and the socket. */
export const pairingRelay = async () => {
  const server = createServer()
  const sockets = new WebSocketServer({ noServer: true })
  const redeemed: RedeemedCode = { printerId: 'p-1', name: 'Prusa', token, rotates: false }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const relay = {
    origin,
    server,
    redeemed,
    /** Codes that were shown, in order. */
    shown: [] as string[],
    /** Frames that came over the socket. */
    frames: [] as string[],
    sockets: 0,
    config: {
      status: 200,
      body: { api: origin, socket: `${origin.replace('http', 'ws')}/live`, oidc: {} },
    } as Said,
    /** Answers instead of the usual, the next one first. */
    answers: [] as Said[],
    refuseSocket: undefined as number | undefined,
    /** Called when a code has come in, before it is answered. */
    redeeming: async (): Promise<void> => {},
  }

  const answer = async (request: IncomingMessage): Promise<Said> => {
    if (request.method === 'GET' && request.url === '/config.json') return relay.config
    if (request.method !== 'POST' || request.url !== '/v1/pairing/redeem')
      return { status: 404, body: { message: 'Not Found' } }
    const asked = redeemCodeSchema.parse(JSON.parse(await text(request)))
    relay.shown.push(asked.code)
    await relay.redeeming()
    const planned = relay.answers.shift()
    if (planned) return planned
    return asked.code === code
      ? { status: 200, body: relay.redeemed }
      : refusal(404, 'secret_not_valid')
  }
  server.on('request', (request, response) => {
    void answer(request).then(({ status, body, headers }) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(typeof body === 'string' ? body : JSON.stringify(body)),
    )
  })
  server.on('upgrade', (request, socket, head) => {
    const letIn = request.headers.authorization === `Bearer ${relay.redeemed.token}`
    const status = relay.refuseSocket ?? (letIn ? undefined : 403)
    if (status !== undefined)
      return void socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`)
    sockets.handleUpgrade(request, socket, head, (one) => {
      relay.sockets++
      one.on('message', (data: Buffer) => relay.frames.push(data.toString('utf8')))
    })
  })
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
    server.closeAllConnections()
  })
  return relay
}
