import { PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi'
import { describe, expect, it } from 'vitest'
import { createFaults } from '../../../local/gateway/faults.ts'
import { createLane } from '../../../local/gateway/lane.ts'
import { ManualClock } from './manual-clock.ts'
import { parsed } from './rig.ts'
import { useRigs } from './rigs.ts'

const { startRecording } = useRigs()

/** Passes numbers through a lane with these faults and answers what came out, in order. */
const through = (seed: number, change: Parameters<ReturnType<typeof createFaults>['set']>[0]) => {
  const clock = new ManualClock()
  const faults = createFaults(seed)
  faults.set(change)
  const lane = createLane({ faults, which: 'messages', timers: clock })
  const out: number[] = []
  for (let number = 0; number < 100; number += 1) lane.pass(() => out.push(number))
  clock.advance(60_000)
  return out
}

const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)
const allOnce = Array.from({ length: 100 }, (_, at) => at)

describe('a lane', () => {
  it('is calm by default', () => {
    expect(through(7, {})).toEqual(allOnce)
  })

  it('reorders and loses nothing', () => {
    const out = through(7, { messages: { reorder: 0.5 } })
    expect(out).not.toEqual(allOnce)
    expect(sorted(out)).toEqual(allOnce)
  })

  it('delays with a jitter that reorders and loses nothing', () => {
    const out = through(7, { messages: { delay: 1, delayMs: 50 } })
    expect(out).not.toEqual(allOnce)
    expect(sorted(out)).toEqual(allOnce)
  })

  it('drops some and keeps the order of the others', () => {
    const out = through(7, { messages: { drop: 0.3 } })
    expect(out.length).toBeGreaterThan(50)
    expect(out.length).toBeLessThan(90)
    expect(out).toEqual(sorted(out))
  })

  it('repeats some', () => {
    const out = through(7, { messages: { repeat: 0.3 } })
    expect(out.length).toBeGreaterThan(110)
    expect([...new Set(out)]).toEqual(allOnce)
  })

  it('does the same for the same seed, and other things for another', () => {
    const change = { messages: { drop: 0.2, delay: 0.3, reorder: 0.3, repeat: 0.1 } }
    expect(through(1, change)).toEqual(through(1, change))
    expect(through(1, change)).not.toEqual(through(2, change))
  })
})

describe('a gateway', () => {
  const startFaulty = async () => {
    const clock = new ManualClock()
    const rig = await startRecording({ timers: clock, now: clock.now, faults: createFaults(3) })
    const client = await rig.open()
    const id = (await rig.connects.next()).requestContext.connectionId
    const post = async (Data: string) => {
      const command = new PostToConnectionCommand({ ConnectionId: id, Data })
      try {
        return (await rig.sdk.send(command)).$metadata.httpStatusCode
      } catch (error) {
        return (error as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode
      }
    }
    return { ...rig, clock, client, post, faults: rig.gateway.faults }
  }

  it('switches faults on and off while it runs', async () => {
    const rig = await startFaulty()
    rig.faults.set({ gone: 1 })
    expect(await rig.post('1')).toBe(410)
    rig.faults.clear()
    expect(await rig.post('2')).toBe(200)
    rig.faults.set({ limited: 1 })
    expect(await rig.post('3')).toBe(429)
    rig.faults.set({ limited: 0 })
    expect(await rig.post('4')).toBe(200)
    expect(await rig.client.frames.take(2)).toEqual(['2', '4'])
  })

  it('answers 200 to a post that is dropped', async () => {
    const rig = await startFaulty()
    rig.faults.set({ posts: { drop: 1 } })
    expect(await rig.post('lost')).toBe(200)
    rig.faults.clear()
    await rig.post('kept')
    expect(await rig.client.frames.next()).toBe('kept')
  })

  it('lets one post overtake another', async () => {
    const rig = await startFaulty()
    rig.faults.set({ posts: { reorder: 1 } })
    await rig.post('first')
    await rig.post('second')
    expect(await rig.client.frames.take(2)).toEqual(['second', 'first'])
  })

  it('lets one message overtake another, and holds the last no longer than told', async () => {
    const rig = await startFaulty()
    rig.faults.set({ messages: { reorder: 1, holdMs: 500 } })
    rig.client.say('1')
    rig.client.say('2')
    rig.client.say('3')
    const bodies = (await rig.messages.take(2)).map(({ body }) => body)
    expect(bodies).toEqual(['2', '1'])
    while (rig.gateway.stats.messages < 3) await new Promise(setImmediate)
    rig.clock.advance(500)
    expect((await rig.messages.next()).body).toBe('3')
  })

  it('crashes a handler before it ran', async () => {
    const rig = await startFaulty()
    rig.faults.set({ crashBefore: 1 })
    rig.client.say({ action: 'hello' })
    expect(parsed(await rig.client.frames.next()).message).toBe('Internal server error')
    expect(rig.messages.rest()).toEqual([])
  })

  it('crashes a handler after it ran', async () => {
    const rig = await startFaulty()
    rig.faults.set({ crashAfter: 1 })
    rig.client.say({ action: 'hello' })
    expect(parsed(await rig.client.frames.next()).message).toBe('Internal server error')
    expect(rig.messages.rest()).toHaveLength(1)
  })

  it('loses $disconnect', async () => {
    const rig = await startFaulty()
    rig.faults.set({ loseDisconnect: 1 })
    rig.client.socket.close()
    await rig.client.closed
    await rig.gateway.close()
    expect(rig.disconnects.rest()).toEqual([])
  })

  it("lets $disconnect come after the client's next $connect", async () => {
    const rig = await startFaulty()
    rig.faults.set({ lateDisconnect: 1, lateDisconnectMs: 5_000 })
    rig.client.socket.close()
    await rig.client.closed
    await rig.open()
    await rig.connects.next()
    expect(rig.disconnects.rest()).toEqual([])
    rig.clock.advance(5_000)
    await rig.disconnects.next()
  })

  it('says a late $disconnect before it has closed', async () => {
    const rig = await startFaulty()
    rig.faults.set({ lateDisconnect: 1, lateDisconnectMs: 1e9 })
    rig.client.socket.close()
    await rig.client.closed
    await rig.gateway.close()
    expect(rig.disconnects.rest()).toHaveLength(1)
  })

  it('runs no delayed message after it has closed', async () => {
    const rig = await startFaulty()
    rig.faults.set({ messages: { delay: 1, delayMs: 1e9 } })
    rig.client.say({ action: 'hello' })
    while (rig.gateway.stats.messages < 1) await new Promise(setImmediate)
    await rig.gateway.close()
    rig.clock.advance(1e9)
    expect(rig.messages.rest()).toEqual([])
  })
})
