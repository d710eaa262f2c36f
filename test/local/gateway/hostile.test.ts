import { once } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Client } from './client.ts'
import { frame, frameHeader, rawSocket, rawUpgraded, readAll, upgradeText } from './raw.ts'
import { useRigs } from './rigs.ts'

const { startRecording } = useRigs()

type Recording = Awaited<ReturnType<typeof startRecording>>

/** A well-behaved client whose round trip proves that it noticed nothing. */
const withBystander = async () => {
  const rig = await startRecording()
  const bystander = await rig.open()
  await rig.connects.next()
  return { ...rig, bystander }
}

const stillServed = async (rig: Recording, bystander: Client) => {
  bystander.say('{"action":"hello","who":"bystander"}')
  for (;;) {
    const { body } = await rig.messages.next()
    if (body.includes('bystander')) break
  }
  expect(bystander.socket.readyState).toBe(bystander.socket.OPEN)
}

describe('garbage upgrades', () => {
  it.each([
    ['another protocol', upgradeText().replace('websocket', 'h2c'), 400],
    ['no key', upgradeText().replace(/Sec-WebSocket-Key.*\r\n/, ''), 400],
    ['a short key', upgradeText().replace('AAAAAAAAAAAAAAAAAAAAAA==', 'AA=='), 400],
    ['an old version', upgradeText().replace('Version: 13', 'Version: 1'), 400],
    ['a POST', upgradeText().replace('GET', 'POST'), 405],
    ['a repeated protocol', upgradeText('/ws', ['Sec-WebSocket-Protocol: a, a']), 400],
    ['an empty protocol', upgradeText('/ws', ['Sec-WebSocket-Protocol: ,']), 400],
    ['an absolute target', upgradeText('http://elsewhere/ws'), 403],
    ['a climbing path', upgradeText('/ws/../ws'), 403],
    ['a path of bad escapes', upgradeText('/%ff%00%zz'), 403],
    ['a star', upgradeText('*'), 403],
  ])('refuses %s before any handler runs', async (_what, text, status) => {
    const rig = await withBystander()
    const answer = await readAll(await rawSocket(rig.port, text))
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(rig.connects.rest()).toEqual([])
    await stillServed(rig, rig.bystander)
  })

  it('survives a client that resets in the middle of its refusal', async () => {
    const rig = await withBystander()
    for (let round = 0; round < 20; round += 1) {
      const socket = await rawSocket(rig.port, upgradeText('/nowhere'))
      socket.resetAndDestroy()
    }
    await stillServed(rig, rig.bystander)
  })

  it('takes odd queries and a thousand parameters as they are', async () => {
    const rig = await withBystander()
    const query = `?%ff=%zz&__proto__=x&&=&constructor=1&${'a=1&'.repeat(1000)}`
    const client = await rig.open({ query })
    const { queryStringParameters } = await rig.connects.next()
    expect(queryStringParameters).toMatchObject({ a: '1', constructor: '1' })
    expect(Object.getOwnPropertyNames(queryStringParameters)).toContain('__proto__')
    client.socket.close()
  })
})

describe('frames', () => {
  it.each([
    ['an unmasked frame', Buffer.from([0x81, 0x01, 0x61]), 1002],
    ['reserved bits', frame('x', 0xf1), 1002],
    ['an unknown opcode', frame('x', 0x83), 1002],
    ['a continuation of nothing', frame('x', 0x80), 1002],
    ['a ping of 126 bytes', frame('x'.repeat(126), 0x89), 1002],
    ['text that is not UTF-8', frame(Buffer.from([0xc3, 0x28])), 1007],
    [
      'a length with its sign bit set',
      Buffer.from([0x81, 0xff, ...Array<number>(8).fill(255)]),
      1009,
    ],
  ])('closes on %s and harms nobody', async (_what, bytes, code) => {
    const rig = await withBystander()
    const socket = await rawUpgraded(rig.port)
    socket.write(bytes)
    const { requestContext } = await rig.disconnects.next()
    expect(requestContext.disconnectStatusCode).toBe(code)
    await stillServed(rig, rig.bystander)
    socket.destroy()
  })

  it('survives any bytes after the handshake', async () => {
    const rig = await withBystander()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (garbage) => {
        const socket = await rawUpgraded(rig.port)
        socket.write(garbage)
        socket.end()
        socket.resume()
        await rig.disconnects.next()
        socket.destroy()
      }),
      { numRuns: 60 },
    )
    await stillServed(rig, rig.bystander)
  })

  it('takes a message one byte at a time', async () => {
    const rig = await withBystander()
    const socket = await rawUpgraded(rig.port)
    socket.setNoDelay(true)
    for (const byte of frame('x'.repeat(200))) socket.write(Buffer.from([byte]))
    expect((await rig.messages.next()).body).toBe('x'.repeat(200))
    socket.destroy()
  })

  it('takes frames sent together with the handshake', async () => {
    const rig = await withBystander()
    const text = Buffer.concat([Buffer.from(upgradeText()), frame('early'), frame('bird')])
    const socket = await rawSocket(rig.port, text)
    const bodies = (await rig.messages.take(2)).map(({ body }) => body)
    expect(bodies).toEqual(['early', 'bird'])
    socket.destroy()
  })

  it('reads on after 1009 and keeps none of it, so the close frame arrives', async () => {
    const rig = await withBystander()
    const socket = await rawUpgraded(rig.port)
    socket.write(frameHeader(2 ** 30))
    const [close] = (await once(socket, 'data')) as [Buffer]
    expect(close.readUInt16BE(2)).toBe(1009)
    for (let round = 0; round < 50; round += 1) socket.write(Buffer.alloc(100_000))
    await stillServed(rig, rig.bystander)
    socket.destroy()
  })

  it('handles five thousand tiny messages of one client, each once', async () => {
    const rig = await withBystander()
    const client = await rig.open()
    const count = 5_000
    for (let at = 0; at < count; at += 1) client.say(String(at))
    const bodies = new Set((await rig.messages.take(count)).map(({ body }) => body))
    expect(bodies.size).toBe(count)
    await stillServed(rig, rig.bystander)
  })

  it('handles a thousand pings', async () => {
    const rig = await withBystander()
    const socket = await rawUpgraded(rig.port)
    socket.write(Buffer.concat(Array.from({ length: 1000 }, () => frame('', 0x89))))
    await stillServed(rig, rig.bystander)
    socket.destroy()
  })
})

describe('half-open sockets', () => {
  it('ends a connection whose client stopped writing, as abnormal', async () => {
    const rig = await withBystander()
    const socket = await rawUpgraded(rig.port)
    socket.end()
    const { requestContext } = await rig.disconnects.next()
    expect(requestContext.disconnectStatusCode).toBe(1006)
    await stillServed(rig, rig.bystander)
    socket.destroy()
  })

  it('ends a connection cut in the middle of a frame', async () => {
    const rig = await withBystander()
    const socket = await rawUpgraded(rig.port)
    socket.write(frameHeader(1_000))
    socket.resetAndDestroy()
    expect((await rig.disconnects.next()).requestContext.disconnectStatusCode).toBe(1006)
    await stillServed(rig, rig.bystander)
  })

  it('minds no client that connects and says nothing, or half a handshake', async () => {
    const rig = await withBystander()
    const silent = await rawSocket(rig.port, '')
    const half = await rawSocket(rig.port, upgradeText().slice(0, 60))
    await stillServed(rig, rig.bystander)
    silent.destroy()
    half.destroy()
  })

  it('forgets two hundred connections that come and go at once', async () => {
    const rig = await withBystander()
    const clients = await Promise.all(Array.from({ length: 200 }, () => rig.open()))
    for (const [at, client] of clients.entries()) {
      if (at % 2 === 0) client.socket.terminate()
      else client.socket.close()
    }
    await rig.disconnects.take(200)
    expect(rig.gateway.stats.connections).toBe(1)
    await stillServed(rig, rig.bystander)
  })
})
