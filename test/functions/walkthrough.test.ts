import { describe, expect, it } from 'vitest'
import {
  deltaOf,
  genOf,
  helloOf,
  keyframeOf,
  makeWorld,
  printerId,
  stateOf,
  subscribeOf,
} from '../model/world.ts'

describe('relay', () => {
  it('welcomes an agent, shows its frames to a viewer and acknowledges', async () => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', 1_800_000_000_000)
    await world.said(agent, helloOf(1))
    expect(world.toAgent('agent-1')).toEqual([
      { type: 'welcome', seq: 1, hwm: {}, viewers: 0, interval: 1000 },
    ])
    const viewer = await world.viewer('viewer-1')
    await world.said(viewer, subscribeOf(1))
    await world.said(agent, deltaOf(2, 1))
    await world.said(agent, keyframeOf(3, { ack: true }))
    const standing = { printerId, gen: genOf(agent), mode: 'watched', interval: 30_000 }
    const always = { ...standing, type: 'state', online: true, relayAt: world.clock.now, ev: 0 }
    expect(world.toViewer('viewer-1')).toEqual([
      { ...always, kind: 'snapshot', seq: 1, k: 1, agentNow: 1000, full: stateOf(1) },
      { type: 'subscribed', printerId, rid: 1, head: 0 },
      {
        ...always,
        kind: 'delta',
        seq: 2,
        k: 1,
        agentNow: 2000,
        patch: { progress: { completion: 2 } },
      },
      { ...always, kind: 'keyframe', seq: 3, k: 3, agentNow: 2000, full: stateOf(3) },
    ])
    expect(world.toAgent('agent-1').at(-1)).toEqual({
      ...{ type: 'ack', seq: 3, hwm: {}, viewers: 1, interval: 1000 },
    })
  })
})
