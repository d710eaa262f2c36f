import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { nodeDeps } from '../../client/node-socket.ts'
import { createRelayClient, type RelayClient } from '../../client/relay-client.ts'
import type { ClientView } from '../../client/view.ts'
import { emptyState } from '../../protocol/printer-state.ts'
import { viewerToRelay } from '../../protocol/viewer-to-relay.ts'
import { printerView, snapshot } from './scripted-relay.ts'
import { virtualTime } from './virtual-time.ts'

const cleanups: (() => void)[] = []
afterEach(() => cleanups.splice(0).forEach((cleanup) => cleanup()))

const time = virtualTime(Date.now())

/** A relay of one printer on a real port. */
const listen = async () => {
  const ticket = 'x'.repeat(43)
  const server = createServer((request, response) => {
    const body = request.method === 'POST' ? { ticket, expiresIn: 60_000 } : printerView(time, 'p1')
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
  })
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'fluxrelay.v1' })
  sockets.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => {
      const frame = viewerToRelay.parse(JSON.parse(data.toString()))
      if (frame.action !== 'subscribe') return
      const { printerId, rid } = frame
      const progress = { completion: 42 }
      const state = snapshot(time, printerId, { ...emptyState, progress }, { seq: 2, k: 2 })
      socket.send(JSON.stringify(state))
      socket.send(JSON.stringify({ type: 'subscribed', printerId, rid, head: 0, now: Date.now() }))
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
  })
  return { sockets, port: (server.address() as AddressInfo).port }
}

const until = (client: RelayClient, holds: (view: ClientView) => boolean) =>
  new Promise<void>((resolve) => {
    const look = (view: ClientView) => {
      if (holds(view)) resolve()
    }
    client.subscribe(look)
    look(client.state())
  })

describe('over a real socket', () => {
  it('follows a printer, and comes back when the socket is cut', async () => {
    const { sockets, port } = await listen()
    const client = createRelayClient({
      ...nodeDeps(),
      random: () => 0,
      token: async () => 'opaque',
      config: { api: `http://127.0.0.1:${port}`, socket: `ws://127.0.0.1:${port}` },
    })
    cleanups.push(() => client.stop())
    client.start()
    client.watch('p1')
    await until(client, ({ printers }) => printers.p1?.state?.progress.completion === 42)
    expect(client.state().printers.p1).toMatchObject({ online: true, position: { seq: 2 } })

    const reopened = once(sockets, 'connection')
    for (const socket of sockets.clients) socket.terminate()
    await until(client, ({ link }) => link.phase !== 'open')
    await reopened
    await until(client, ({ link }) => link.phase === 'open')
  })
})
