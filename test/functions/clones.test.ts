import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeOuts } from '../../protocol/time-outs.ts'
import { agentPrincipal, type Caller } from '../../functions/relay/caller.ts'
import { bucketKey, connectionsKey } from '../../functions/relay/table/keys.ts'
import { storedState } from '../model/watcher.ts'
import {
  helloOf,
  keyframeOf,
  makeWorld,
  printerId,
  startOfTime,
  type World,
} from '../model/world.ts'

/** One of two cards that were cloned: the same token, an instance of its own for each start. */
interface Clone {
  readonly name: string
  instance: string
  starts: number
  dials: number
  caller: Caller | undefined
  seq: number
  welcomed: boolean
  superseded: boolean
}

const clone = (name: string): Clone => ({
  ...{ name, instance: '', starts: 0, dials: 0, caller: undefined },
  ...{ seq: 0, welcomed: false, superseded: false },
})

const start = (one: Clone): void => {
  one.starts += 1
  one.instance = `instance-${one.name}-${one.starts}`
  Object.assign(one, { caller: undefined, welcomed: false, superseded: false })
}

const dial = async (world: World, one: Clone): Promise<void> => {
  one.dials += 1
  one.seq = 1
  // How many may be open, and how often, has tests of its own.
  await world.ports.live.delete(connectionsKey(agentPrincipal(printerId)))
  await world.ports.live.delete(bucketKey(`connects#${agentPrincipal(printerId)}`))
  one.caller = await world.agent(`${one.name}-${one.starts}-${one.dials}`, world.clock.now)
  await world.said(one.caller, helloOf(1, { instance: one.instance, fresh: !one.welcomed }))
}

/** Hears what arrived; a lost frame is one it never hears. */
const hear = (world: World, one: Clone, lose: boolean): void => {
  const { caller } = one
  if (!caller || lose) return
  for (const frame of world.toAgent(caller.connectionId)) {
    if (frame.type === 'welcome') one.welcomed = true
    if (frame.type === 'closing' && frame.reason === 'superseded') one.superseded = true
  }
}

type Op = { who: 0 | 1; what: 'start' | 'dial' | 'publish'; lose: boolean; minutes: number }
const op: fc.Arbitrary<Op> = fc.record({
  who: fc.constantFrom(0, 1),
  what: fc.constantFrom('start', 'dial', 'dial', 'publish', 'publish', 'publish'),
  lose: fc.boolean(),
  minutes: fc.nat(3),
})

describe('property 4: two clones of one token', () => {
  it('supersede each other at most once per fresh start, also when closing is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 10, maxLength: 40 }), async (ops) => {
        const world = await makeWorld()
        const clones = [clone('a'), clone('b')] as const
        let supersessions = 0
        let owner: string | undefined
        for (const { who, what, lose, minutes } of ops) {
          const one = clones[who]
          world.clock.now += minutes * 60_000 + 1
          await keepOwnerAlive(world, clones)
          if (what === 'start' || one.starts === 0) start(one)
          if (what === 'publish' && one.caller && !one.superseded)
            await world.said(one.caller, keyframeOf(++one.seq))
          else if (!one.superseded || !lose) await dial(world, one)
          hear(world, one, lose)
          const state = await storedState(world).catch(() => undefined)
          if (owner !== undefined && state?.inst !== owner) supersessions += 1
          owner = state?.inst
        }
        const starts = clones[0].starts + clones[1].starts
        expect(supersessions).toBeLessThanOrEqual(starts)
      }),
      { numRuns: 200, seed: 4 },
    )
  }, 20_000)

  it('a superseded one may take over again when the other was silent for ten minutes', async () => {
    const world = await makeWorld()
    const first = await world.agent('agent-1', startOfTime)
    await world.said(first, helloOf(1))
    const second = await world.agent('agent-2', startOfTime + 1)
    await world.said(second, helloOf(1, { instance: 'instance-b' }))
    expect(world.toAgent('agent-1').at(-1)).toEqual({
      ...{ type: 'closing', reason: 'superseded', by: 'instance-b' },
    })
    const again = await world.agent('agent-3', startOfTime + 2)
    await world.said(again, helloOf(1))
    expect(world.toAgent('agent-3').at(-1)).toMatchObject({ reason: 'superseded' })
    world.clock.now += timeOuts.ownerForgotten
    const early = await world.agent('agent-early', world.clock.now)
    await world.said(early, helloOf(1, { fresh: false }))
    expect(world.toAgent('agent-early').at(-1)).toMatchObject({ reason: 'superseded' })
    world.clock.now += 1
    const late = await world.agent('agent-4', world.clock.now)
    await world.said(late, helloOf(1, { fresh: false }))
    expect(world.toAgent('agent-4').at(-1)).toMatchObject({ type: 'welcome' })
  })

  it('only the last eight superseded instances are kept', async () => {
    const world = await makeWorld()
    for (let n = 0; n < 12; n++) {
      const agent = await world.agent(`agent-${n}`, startOfTime + n)
      await world.said(agent, helloOf(1, { instance: `instance-${n}` }))
    }
    const { inst, past } = await storedState(world)
    expect(inst).toBe('instance-11')
    expect(past).toEqual([3, 4, 5, 6, 7, 8, 9, 10].map((n) => `instance-${n}`))
  })

  it('the same process on a new connection replaces its old one quietly', async () => {
    const world = await makeWorld()
    const first = await world.agent('agent-1', startOfTime)
    await world.said(first, helloOf(1))
    const second = await world.agent('agent-2', startOfTime + 1)
    await world.said(second, helloOf(1, { fresh: false }))
    expect(world.toAgent('agent-1').at(-1)).toEqual({ type: 'closing', reason: 'replaced' })
    expect(world.open.has('agent-1')).toBe(false)
    expect((await storedState(world)).past).toEqual([])
  })
})

/** The owner's keepalive comes at least every five minutes. */
const keepOwnerAlive = async (world: World, clones: readonly Clone[]): Promise<void> => {
  const state = await storedState(world).catch(() => undefined)
  const owner = clones.find(({ caller }) => caller?.connectionId === state?.conn)
  if (state && owner?.caller) {
    owner.seq = state.seq + 1
    await world.said(owner.caller, keyframeOf(owner.seq))
  }
}
