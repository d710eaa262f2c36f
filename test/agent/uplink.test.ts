import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { limits } from '../../protocol/limits.ts'
import { subprotocol } from '../../protocol/version.ts'
import type { Ended, Link } from '../../agent/uplink/dial.ts'
import { wsDial } from '../../agent/uplink/ws-dial.ts'
import { handClock } from './support/hand-clock.ts'

const token = `frp_p-1_${'t'.repeat(43)}`

/** A relay's socket: refuses with a status, or takes every connection. */
const serving = async (refuse?: number, protocols = true, autoPong = true) => {
  const server = createServer()
  const sockets = new WebSocketServer({
    noServer: true,
    autoPong,
    ...(protocols ? {} : { handleProtocols: () => false as const }),
  })
  const connected = once(sockets, 'connection') as Promise<[WebSocket, IncomingMessage]>
  server.on('upgrade', (request, socket, head) => {
    if (refuse !== undefined) {
      const rest = 'Connection: close\r\nContent-Length: 2\r\n\r\n{}'
      socket.end(`HTTP/1.1 ${refuse} Refused\r\n${rest}`)
    } else
      sockets.handleUpgrade(request, socket, head, (one) =>
        sockets.emit('connection', one, request),
      )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    server.close()
  })
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, connected, server }
}

const dialling = (url: string) => {
  const clock = handClock()
  const texts: string[] = []
  let opened = () => {}
  let ended = (_: Ended) => {}
  let heard = () => {}
  const open = new Promise<void>((resolve) => (opened = resolve))
  const end = new Promise<Ended>((resolve) => (ended = resolve))
  const said = new Promise<void>((resolve) => (heard = resolve))
  let ends = 0
  const link: Link = wsDial({ url, token, clock })({
    opened,
    said: (text) => {
      texts.push(text)
      heard()
    },
    ended: (how) => {
      ends++
      ended(how)
    },
  })
  return { link, clock, texts, open, end, said, ends: () => ends }
}

describe('the uplink', () => {
  it('shows the token in the header, asks for the subprotocol, offers no compression', async () => {
    const { url, connected } = await serving()
    const { open } = dialling(url)
    const [socket, request] = await connected
    await open
    expect(request.headers.authorization).toBe(`Bearer ${token}`)
    expect(request.url).toBe('/')
    expect(socket.protocol).toBe(subprotocol)
    expect(request.headers).not.toHaveProperty('sec-websocket-extensions')
  })

  it('carries frames both ways', async () => {
    const { url, connected } = await serving()
    const { link, open, said, texts } = dialling(url)
    const [socket] = await connected
    await open
    const arrived = once(socket, 'message')
    link.send('{"a":"ü"}')
    expect(String((await arrived)[0])).toBe('{"a":"ü"}')
    socket.send('{"b":1}')
    await said
    expect(texts).toEqual(['{"b":1}'])
  })

  it.each([401, 403, 429, 500, 302])(
    'tells a handshake refused with %i by its status',
    async (status) => {
      const { url } = await serving(status)
      const { end, ends } = dialling(url)
      expect(await end).toEqual({ kind: 'refused', status })
      expect(ends()).toBe(1)
    },
  )

  it('tells of a relay that is not there', async () => {
    const { url, server } = await serving()
    server.close()
    await once(server, 'close')
    expect(await dialling(url).end).toEqual({ kind: 'failed', code: 'ECONNREFUSED' })
  })

  it('does not take a server that answers without the subprotocol', async () => {
    const { url } = await serving(undefined, false)
    expect(await dialling(url).end).toMatchObject({ kind: 'failed' })
  })

  it('tells when the relay closes or breaks the connection', async () => {
    const first = await serving()
    const one = dialling(first.url)
    const [closing] = await first.connected
    closing.close(1001)
    expect(await one.end).toEqual({ kind: 'closed', code: 1001 })
    const second = await serving()
    const other = dialling(second.url)
    const [broken] = await second.connected
    broken.terminate()
    expect(await other.end).toEqual({ kind: 'closed', code: 1006 })
  })

  it('drops a connection that sends more than a frame may hold', async () => {
    const { url, connected } = await serving()
    const { end, texts } = dialling(url)
    const [socket] = await connected
    socket.send('x'.repeat(limits.frameBytes + 1))
    expect(await end).toMatchObject({ kind: 'failed' })
    expect(texts).toEqual([])
  })

  it('ends politely, and by force when the relay does not answer', async () => {
    const { url, connected } = await serving()
    const { link, open, end, clock } = dialling(url)
    const [socket] = await connected
    await open
    socket.pause()
    link.end()
    link.send('too late')
    await clock.advance(2000)
    expect((await end).kind).toBe('closed')
    expect(clock.timers).toBe(0)
  })

  it('can be ended while it is still being opened', async () => {
    const { url } = await serving()
    const { link, end } = dialling(url)
    link.end()
    expect((await end).kind).toBe('failed')
  })
})

describe('a connection on which nobody speaks', () => {
  it('is pinged every 45 s, before proxies cut it, until it ends', async () => {
    const { url, connected } = await serving(undefined, true, false)
    const { open, link, end, clock } = dialling(url)
    const [socket] = await connected
    await open
    for (let round = 0; round < 3; round++) {
      const pinged = once(socket, 'ping')
      await clock.advance(45_000)
      await pinged
    }
    link.end()
    await end
    expect(clock.timers).toBe(0)
  })

  it('is taken for lost when a relay that answered pings does so no more', async () => {
    const { url, connected } = await serving()
    const { open, said, end, clock } = dialling(url)
    const [socket] = await connected
    await open
    const pinged = once(socket, 'ping')
    await clock.advance(45_000)
    await pinged
    // What is sent after the pong has come when the pong has.
    socket.send('{}')
    await said
    socket.pause()
    await clock.advance(45_000 + 10_000)
    expect(await end).toEqual({ kind: 'failed', code: 'no answer to a ping' })
  })

  it('stays with a relay that never answers pings', async () => {
    const { url, connected } = await serving(undefined, true, false)
    const { open, ends, link, end, clock } = dialling(url)
    const [socket] = await connected
    await open
    await clock.advance(10 * 60_000)
    expect(ends()).toBe(0)
    const arrived = once(socket, 'message')
    link.send('{}')
    await arrived
    link.end()
    expect(await end).toEqual({ kind: 'closed', code: 1000 })
  })
})
