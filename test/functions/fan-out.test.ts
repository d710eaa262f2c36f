import { describe, expect, it } from 'vitest'
import type { PostOutcome } from '../../functions/relay/ports.ts'
import { subscriptionPrefix } from '../../functions/relay/table/keys.ts'
import { limits } from '../../protocol/limits.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { helloOf, keyframeOf, makeWorld, startOfTime, subscribeOf } from '../model/world.ts'

const viewerIds = ['viewer-1', 'viewer-2', 'viewer-3']

/** An agent and three viewers; what a post to one comes to, and how long it takes, is up to the test. */
const scene = async (post: (to: string) => { outcome?: PostOutcome; takes?: number }) => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  for (const id of viewerIds) await world.said(await world.viewer(id), subscribeOf(1))
  const tried: string[] = []
  const sender = { ...world.ports.sender }
  Object.assign(world.ports.sender, {
    send: (to: string, text: string) => {
      tried.push(to)
      const { outcome, takes = 0 } = post(to)
      world.clock.now += takes
      return outcome === undefined ? sender.send(to, text) : Promise.resolve(outcome)
    },
  })
  return { world, agent, tried }
}

/** As many events as a frame may bring, with a history chunk: the largest fan-out of one frame. */
const busyFrame = keyframeOf(2, {
  ack: true,
  events: Array.from({ length: limits.eventsPerBatch }, (_, i) => ({
    ...{ src: 'source-a', m: i + 1, age: 0, body: { type: 'printer_connected' } as const },
  })),
})
const framesOfIt = limits.eventsPerBatch + 1

describe('a fan-out', () => {
  it('gives a viewer up whose post failed, and serves the others whole', async () => {
    const { world, agent, tried } = await scene((to) =>
      to === 'viewer-2' ? { outcome: 'failed' } : {},
    )
    await world.said(agent, busyFrame)
    const triesOf = (id: string) => tried.filter((to) => to === id).length
    expect(viewerIds.map(triesOf)).toEqual([framesOfIt, 1, framesOfIt])
    expect(world.toAgent('agent-1').at(-1)).toMatchObject({ type: 'ack', seq: 2 })
  })

  it('goes on with the next frame of a viewer whom the gateway throttled', async () => {
    const { world, agent, tried } = await scene((to) =>
      to === 'viewer-2' ? { outcome: 'throttled' } : {},
    )
    await world.said(agent, busyFrame)
    expect(tried.filter((to) => to === 'viewer-2')).toHaveLength(framesOfIt)
  })

  it('ends in time for the ack, however slow every post is', async () => {
    const takes = 500
    const { world, agent } = await scene((to) => (to === 'agent-1' ? {} : { takes }))
    const began = world.clock.now
    await world.said(agent, busyFrame)
    expect(world.toAgent('agent-1').at(-1)).toMatchObject({ type: 'ack', seq: 2 })
    expect(world.clock.now - began).toBeLessThan(timeOuts.handler - timeOuts.post)
  })

  it('serves everybody and acknowledges, though the store refuses to forget who left', async () => {
    const { world, agent } = await scene(() => ({}))
    world.open.delete('viewer-1')
    const { live } = world.ports
    Object.assign(world.ports, {
      live: {
        ...live,
        delete: async (...call: Parameters<typeof live.delete>) => {
          if (call[0].sk.startsWith(subscriptionPrefix)) throw new StoreFault('no delete today')
          return live.delete(...call)
        },
      },
    })
    await world.said(agent, keyframeOf(2, { ack: true }))
    for (const id of ['viewer-2', 'viewer-3'])
      expect(world.toViewer(id).at(-1)).toMatchObject({ kind: 'keyframe', seq: 2 })
    expect(world.toAgent('agent-1').at(-1)).toMatchObject({ type: 'ack', seq: 2 })
    expect(world.logged.at(-1)).toMatchObject({ level: 'warn' })
  })
})

class StoreFault extends Error {}
