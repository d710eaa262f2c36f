import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { gatewayLimits } from '../../../local/gateway/limits.ts'
import type { Client } from './client.ts'
import { ManualClock } from './manual-clock.ts'
import { frame, frameHeader, rawUpgraded } from './raw.ts'
import { useRigs } from './rigs.ts'

const { startRecording } = useRigs()

const kb = 1024

/** Sends one message in frames of these sizes (bytes). */
const sayInFrames = ({ socket }: Client, sizes: readonly number[]) =>
  sizes.forEach((size, at) => socket.send('x'.repeat(size), { fin: at === sizes.length - 1 }))

describe('sizes', () => {
  it('takes a frame of 32 KB and a message of 128 KB', async () => {
    const rig = await startRecording()
    const client = await rig.open()
    sayInFrames(client, [32 * kb])
    sayInFrames(client, [32 * kb, 32 * kb, 32 * kb, 32 * kb])
    const [one, four] = await rig.messages.take(2)
    expect([one?.body.length, four?.body.length]).toEqual([32 * kb, 128 * kb])
  })

  it('closes with 1009 on a frame above 32 KB', async () => {
    const rig = await startRecording()
    const client = await rig.open()
    sayInFrames(client, [32 * kb + 1])
    expect((await client.closed).code).toBe(1009)
    expect((await rig.disconnects.next()).requestContext.disconnectStatusCode).toBe(1009)
    expect(rig.messages.rest()).toEqual([])
  })

  it('closes with 1009 on a message above 128 KB in small frames', async () => {
    const rig = await startRecording()
    const client = await rig.open()
    sayInFrames(client, [32 * kb, 32 * kb, 32 * kb, 32 * kb, 1])
    expect((await client.closed).code).toBe(1009)
    expect(rig.messages.rest()).toEqual([])
  })

  it.each([32 * kb + 1, 70_000, 2 ** 40])(
    'refuses a frame of %i bytes on its header alone, before any payload',
    async (length) => {
      const rig = await startRecording()
      const socket = await rawUpgraded(rig.port)
      socket.write(frameHeader(length))
      const [close] = (await once(socket, 'data')) as [Buffer]
      expect([close[0], close.readUInt16BE(2)]).toEqual([0x88, 1009])
      socket.destroy()
    },
  )

  it('hands out the messages before a frame that is too long, in the same packet', async () => {
    const rig = await startRecording()
    const socket = await rawUpgraded(rig.port)
    socket.write(Buffer.concat([frame('one'), frame('two'), frameHeader(40_000), frame('three')]))
    const bodies = (await rig.messages.take(2)).map(({ body }) => body)
    expect(bodies).toEqual(['one', 'two'])
    await rig.disconnects.next()
    expect(rig.messages.rest()).toEqual([])
    socket.destroy()
  })

  it('closes with 1003 on a binary frame', async () => {
    const rig = await startRecording()
    const client = await rig.open()
    client.socket.send(Buffer.from('{"action":"hello"}'))
    expect((await client.closed).code).toBe(1003)
    expect((await rig.disconnects.next()).requestContext.disconnectStatusCode).toBe(1003)
    expect(rig.messages.rest()).toEqual([])
  })

  it('compresses nothing, as the cloud', async () => {
    const rig = await startRecording()
    const client = await rig.open({ perMessageDeflate: true })
    expect(client.socket.extensions).toBe('')
  })
})

describe('times', () => {
  const minutes = 60_000

  const startTimed = async () => {
    const clock = new ManualClock()
    const rig = await startRecording({ timers: clock, now: clock.now })
    return { ...rig, clock }
  }

  it('closes with 1001 Going away after 10 idle minutes', async () => {
    const rig = await startTimed()
    const client = await rig.open()
    await rig.connects.next()
    rig.clock.advance(10 * minutes)
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' })
    const { requestContext } = await rig.disconnects.next()
    expect(requestContext).toMatchObject({
      disconnectStatusCode: 1001,
      disconnectReason: 'Going away',
    })
  })

  it('counts idle from the latest message', async () => {
    const rig = await startTimed()
    const client = await rig.open()
    for (let round = 0; round < 3; round += 1) {
      client.say('still here')
      await rig.messages.next()
      rig.clock.advance(9 * minutes)
    }
    expect(rig.gateway.stats.connections).toBe(1)
    rig.clock.advance(1 * minutes)
    expect((await client.closed).code).toBe(1001)
  })

  it('resets idle by data only: neither ping nor pong does', async () => {
    const rig = await startTimed()
    const client = await rig.open()
    rig.clock.advance(9 * minutes)
    client.socket.ping()
    client.socket.pong()
    await once(client.socket, 'pong')
    rig.clock.advance(1 * minutes)
    expect((await client.closed).code).toBe(1001)
    expect(rig.messages.rest()).toEqual([])
  })

  it('closes with 1001 Going away after 2 hours, however busy', async () => {
    const rig = await startTimed()
    const client = await rig.open()
    for (let at = 9; at < 120; at += 9) {
      rig.clock.advance(9 * minutes)
      client.say('busy')
      await rig.messages.next()
    }
    expect(rig.gateway.stats.connections).toBe(1)
    rig.clock.advance(3 * minutes)
    expect(await client.closed).toEqual({ code: 1001, reason: 'Going away' })
  })

  it('keeps no timer of a connection that has ended', async () => {
    const rig = await startTimed()
    const client = await rig.open()
    client.socket.close(1000)
    await rig.disconnects.next()
    await client.closed
    expect(rig.clock.pending()).toBe(0)
  })
})

describe('the requests rate', () => {
  it('answers messages beyond rate and burst with a Too Many Requests frame', async () => {
    const clock = new ManualClock()
    // One of the burst is the handshake's.
    const limits = { ...gatewayLimits, requestsPerSecond: 10, requestBurst: 3 }
    const rig = await startRecording({ throttle: true, limits, timers: clock, now: clock.now })
    const client = await rig.open()
    for (const text of ['1', '2', '3']) client.say(text)
    expect(await client.frames.next()).toContain('Too Many Requests')
    clock.advance(100)
    client.say('4')
    const bodies = (await rig.messages.take(3)).map(({ body }) => body)
    expect(bodies).toEqual(['1', '2', '4'])
  })

  it('counts handshakes too, and refuses them with 429', async () => {
    const clock = new ManualClock()
    const limits = { ...gatewayLimits, requestsPerSecond: 1, requestBurst: 1 }
    const rig = await startRecording({ throttle: true, limits, timers: clock, now: clock.now })
    await rig.open()
    expect(await rig.refusal()).toBe(429)
    clock.advance(1_000)
    await rig.open()
  })
})

it('has the limits of the cloud', () => {
  expect(gatewayLimits).toMatchObject({
    messageBytes: 131_072,
    frameBytes: 32_768,
    idleMs: 600_000,
    lifetimeMs: 7_200_000,
    handlerMs: 8_000,
    integrationMs: 29_000,
    authorizerResultBytes: 8_192,
    connectsPerSecond: 500,
    requestsPerSecond: 10_000,
    requestBurst: 5_000,
  })
})
