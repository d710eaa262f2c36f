import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeOuts } from '../../protocol/time-outs.ts'
import { audienceOf } from '../../functions/relay/watching/audience.ts'
import { intervalFor, mustRaise, raise } from '../../functions/relay/publishing/demand.ts'
import { subscriptionKey } from '../../functions/relay/table/keys.ts'
import type { Caller } from '../../functions/relay/caller.ts'
import { storedState } from '../model/watcher.ts'
import {
  helloOf,
  keyframeOf,
  makeWorld,
  owner,
  printerId,
  startOfTime,
  subscribeOf,
  unsubscribeOf,
  type World,
} from '../model/world.ts'

describe('demand', () => {
  it.each([
    [0, 1000],
    [250, 1000],
    [251, 2000],
    [1000, 2000],
    [5000, 5000],
    [5001, 10_000],
  ])('asks for a frame of %d viewers every %d ms at most', (viewers, interval) => {
    expect(intervalFor(viewers)).toBe(interval)
  })

  it('is raised when the agent is idle or its state is old', () => {
    const fresh = { mode: 'watched', seenAt: 0, interval: 30_000 } as const
    expect(mustRaise(fresh, 60_000)).toBe(false)
    expect(mustRaise(fresh, 60_001)).toBe(true)
    expect(mustRaise({ ...fresh, mode: 'idle' }, 1)).toBe(true)
  })

  it('goes to the successor, once, when the owner’s connection is gone', async () => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    await world.said(agent, keyframeOf(2, { mode: 'idle' }))
    const stale = await storedState(world)
    const young = await world.agent('agent-2', startOfTime + 1)
    await world.said(young, helloOf(1, { fresh: false }))
    await raise(world.ports, printerId, stale, 1)
    expect(world.toAgent('agent-2').at(-1)).toEqual({ type: 'demand', viewers: 1, interval: 1000 })
  })

  it('keeps the pace of a large audience when one more viewer subscribes', async () => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    await world.said(agent, keyframeOf(2, { mode: 'idle' }))
    const until = startOfTime + timeOuts.lease
    for (let n = 0; n < 300; n++)
      await world.ports.live.put({
        ...subscriptionKey(printerId, `conn-${n}`),
        ...{ rid: 1, st: 'on', who: owner, view: 'full', until, expiresAt: until / 1000 },
      })
    const viewer = await world.viewer('viewer-1')
    await world.said(viewer, subscribeOf(1))
    const demand = { type: 'demand', viewers: 301, interval: 2000 }
    expect(world.toAgent('agent-1').at(-1)).toEqual(demand)
  })

  it('is tried once when the owner’s connection is gone and there is no successor', async () => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    world.open.delete('agent-1')
    let posts = 0
    const sender = { ...world.ports.sender, send: async () => (posts++, 'gone' as const) }
    await raise({ ...world.ports, sender }, printerId, await storedState(world), 1)
    expect(posts).toBe(1)
  })
})

/** The agent of the model: watched while it knows of viewers, idle by its own declaration. */
class ModelAgent {
  mode: 'watched' | 'idle' = 'watched'
  private seq = 1
  private heard = 0
  private emptySince: number | undefined
  private readonly world: World
  private readonly caller: Caller
  constructor(world: World, caller: Caller) {
    this.world = world
    this.caller = caller
  }

  /** Hears what came, then publishes: every tick while watched, a keepalive while idle. */
  async tick(): Promise<void> {
    this.hear()
    const { now } = this.world.clock
    const lowering = this.emptySince !== undefined && now - this.emptySince >= timeOuts.lowerAfter
    const idle = this.mode === 'idle' || lowering
    this.seq += 1
    await this.world.said(
      this.caller,
      keyframeOf(this.seq, { mode: idle ? 'idle' : 'watched', ack: true }),
    )
    this.hear(idle ? this.seq : undefined)
  }

  private hear(declared?: number): void {
    const frames = this.world.toAgent(this.caller.connectionId).slice(this.heard)
    this.heard += frames.length
    for (const frame of frames) {
      if (frame.type === 'demand') this.raise()
      if (frame.type === 'ack' && frame.viewers > 0) this.raise()
      if (frame.type === 'ack' && frame.viewers === 0) {
        this.emptySince ??= this.world.clock.now
        if (declared !== undefined && frame.seq >= declared) this.mode = 'idle'
      }
    }
  }

  private raise(): void {
    this.mode = 'watched'
    this.emptySince = undefined
  }
}

type Op = 'subscribe' | 'unsubscribe' | 'vanish' | 'lose demand' | 'tick'
const ops = fc.array(
  fc.constantFrom<Op>('subscribe', 'unsubscribe', 'vanish', 'lose demand', 'tick', 'tick'),
  { minLength: 4, maxLength: 20 },
)

/** Viewers come, go, and vanish without a `$disconnect`; then time passes. */
const play = async (story: readonly Op[]) => {
  const world = await makeWorld()
  const caller = await world.agent('agent-1', startOfTime)
  await world.said(caller, helloOf(1))
  const agent = new ModelAgent(world, caller)
  let viewer: Caller | undefined
  let rid = 0
  let wants = false
  let viewers = 0
  for (const what of story) {
    world.clock.now += 20_000
    if (what === 'tick') await agent.tick()
    if (what === 'lose demand') world.faults.set('agent-1', 'failed')
    if (what === 'vanish') viewer = undefined
    if (what === 'vanish') wants = false
    if (what === 'subscribe') {
      if (!viewer) rid = 0
      viewer ??= await world.viewer(`viewer-${++viewers}`)
      await world.said(viewer, subscribeOf(++rid))
      wants = true
    }
    if (what === 'unsubscribe' && viewer) {
      await world.said(viewer, unsubscribeOf(++rid))
      wants = false
    }
    if (what !== 'lose demand') world.faults.delete('agent-1')
  }
  world.faults.clear()
  return { world, agent, viewer, rid, wants }
}

describe('property 9: after things settle', () => {
  it('someone watches if and only if the agent is watched', async () => {
    await fc.assert(
      fc.asyncProperty(ops, async (story) => {
        const { world, agent, viewer, rid, wants } = await play(story)
        // Four pings are longer than any lease of one who vanished.
        for (let i = 0; i < 4; i++) {
          world.clock.now += timeOuts.ping
          if (viewer && wants)
            await world.said(viewer, { action: 'ping', subs: { [printerId]: rid } })
          await agent.tick()
          await agent.tick()
        }
        expect((await audienceOf(world.ports, printerId)).targets.length).toBe(wants ? 1 : 0)
        expect(agent.mode).toBe(wants ? 'watched' : 'idle')
        expect((await storedState(world)).mode).toBe(wants ? 'watched' : 'idle')
      }),
      { numRuns: 150, seed: 9 },
    )
  }, 20_000)

  it('a counter of viewers would not say so (broken variant)', async () => {
    const counted = (story: readonly Op[]): number =>
      story.reduce((count, what) => {
        if (what === 'subscribe') return count + 1
        return what === 'unsubscribe' ? count - 1 : count
      }, 0)
    const story: Op[] = ['subscribe', 'vanish', 'tick']
    const { world } = await play(story)
    world.clock.now += timeOuts.lease
    const { targets } = await audienceOf(world.ports, printerId)
    expect(targets.length).toBe(0)
    expect(counted(story)).not.toBe(targets.length)
  })
})
