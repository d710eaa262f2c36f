import { describe, expect, it } from 'vitest'
import {
  newAgentToken,
  checkAgentToken,
  readPrinter,
} from '../../functions/relay/publishing/agent-token.ts'
import { stateKey } from '../../functions/relay/table/keys.ts'
import { overlap, addToken } from '../../functions/relay/publishing/rotate-token.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { mortal, says } from '../model/actors.ts'
import { explore, type Actor, type Point, type Scenario } from '../model/explore.ts'
import { storedState } from '../model/watcher.ts'
import { revokeToken } from '../../functions/relay/publishing/revoke.ts'
import {
  deltaOf,
  genOf,
  helloOf,
  keyframeOf,
  makeWorld,
  owner,
  printerId,
  siteId,
  startOfTime,
  type World,
} from '../model/world.ts'

const second = 'b'.repeat(64)
const third = 'c'.repeat(64)
const revoked = { type: 'closing', reason: 'token_revoked' }
const versions = async (world: World): Promise<number[]> =>
  Object.values((await readPrinter(world.ports, printerId))?.tokens ?? {}).sort()

const running = async () => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  return { world, agent }
}

/** A printer whose first token is known, for the authorizer. */
const withToken = async (world: World): Promise<string> => {
  const { token, hash } = newAgentToken('printer-9', world.ports.randomBytes)
  await world.relay.provisionPrinter({ siteId, printerId: 'printer-9', name: 'P', tokenHash: hash })
  return token
}

describe('the older of two tokens', () => {
  it('works on until the newer one connects, and not beyond', async () => {
    const { world, agent } = await running()
    expect(await addToken(world.ports, printerId, second)).toMatchObject({ version: 2 })
    await world.said(agent, deltaOf(2, 1))
    expect((await storedState(world)).seq).toBe(2)
    const next = await world.agent('agent-2', startOfTime + 1, 2)
    await world.said(next, helloOf(1, { fresh: false }))
    expect(await versions(world)).toEqual([2])
    expect(world.open.has('agent-1')).toBe(false)
    const again = await world.agent('agent-3', startOfTime + 2, 1)
    await world.said(again, helloOf(1, { fresh: false }))
    expect(world.toAgent('agent-3')).toEqual([revoked])
    expect((await storedState(world)).gen).toBe(genOf(next))
  })

  it('opens no connection once its time is over', async () => {
    const world = await makeWorld()
    const token = await withToken(world)
    await addToken(world.ports, 'printer-9', second)
    expect(await checkAgentToken(world.ports, token)).toMatchObject({ version: 1 })
    world.clock.now += overlap
    expect(await checkAgentToken(world.ports, token)).toBeUndefined()
  })

  it('is shown to owners while it works, and no longer', async () => {
    const { world } = await running()
    const shown = async () =>
      (await world.relay.siteView(owner, siteId)).owned?.printers.map(({ tokens }) => tokens)
    await addToken(world.ports, printerId, second)
    expect(await shown()).toEqual([[1, 2]])
    world.clock.now += overlap
    expect(await shown()).toEqual([[2]])
  })

  it('publishes nothing once its time is over, and is told', async () => {
    const { world, agent } = await running()
    await addToken(world.ports, printerId, second)
    world.clock.now += overlap - 1
    await world.said(agent, deltaOf(2, 1))
    world.clock.now += 1
    await world.said(agent, deltaOf(3, 1))
    expect(world.toAgent('agent-1').at(-1)).toEqual(revoked)
    expect(await storedState(world)).toMatchObject({ seq: 2, st: 'off', online: false })
  })

  it('is ended within ten minutes of the newer one, though it says nothing more', async () => {
    const { world, agent } = await running()
    const given = world.clock.now
    await addToken(world.ports, printerId, second)
    // The watchdog starts each minute, as late as can be, and may need all of its minute.
    world.clock.now = given + overlap - 1
    await world.said(agent, deltaOf(2, 1))
    await world.relay.watch()
    expect(world.open.has('agent-1')).toBe(true)
    world.clock.now += timeOuts.watchdog
    await world.relay.watch()
    expect(world.open.has('agent-1')).toBe(false)
    expect(world.clock.now + timeOuts.watchdog).toBeLessThanOrEqual(given + timeOuts.tokenOverlap)
  })

  it('of a connection that comes during the overlap ends with it, too', async () => {
    const { world } = await running()
    await addToken(world.ports, printerId, second)
    const late = await world.agent('agent-2', startOfTime + 1, 1)
    await world.said(late, helloOf(1, { fresh: false }))
    expect(await storedState(world)).toMatchObject({ tok: 1, retireAt: startOfTime + overlap })
    world.clock.now += overlap
    await world.said(late, keyframeOf(2))
    expect(world.toAgent('agent-2').at(-1)).toEqual(revoked)
  })

  it('goes at once when a third is given', async () => {
    const { world } = await running()
    await addToken(world.ports, printerId, second)
    expect(await addToken(world.ports, printerId, third)).toMatchObject({ version: 3 })
    expect(await versions(world)).toEqual([2, 3])
    expect(world.open.has('agent-1')).toBe(false)
    expect((await storedState(world)).st).toBe('off')
  })

  it('still ends in time when the newer one is withdrawn', async () => {
    const { world, agent } = await running()
    await addToken(world.ports, printerId, second)
    await revokeToken(world.ports, printerId, 2)
    await world.said(agent, deltaOf(2, 1))
    world.clock.now += overlap
    await world.said(agent, deltaOf(3, 1))
    expect(world.open.has('agent-1')).toBe(false)
  })

  it('leaves no mark on the newest: it publishes on for ever', async () => {
    const { world } = await running()
    await addToken(world.ports, printerId, second)
    const next = await world.agent('agent-2', startOfTime + 1, 2)
    await world.said(next, helloOf(1, { fresh: false }))
    expect((await storedState(world)).retireAt).toBeUndefined()
    world.clock.now += 2 * timeOuts.tokenOverlap
    await world.said(next, deltaOf(2, 1))
    await world.relay.watch()
    expect((await storedState(world)).seq).toBe(2)
    expect(world.open.has('agent-2')).toBe(true)
  })

  it('that stands after all is asked for a hello, and the wrong mark goes', async () => {
    const { world, agent } = await running()
    const mark = { set: [['retireAt', world.clock.now] as const] }
    await world.ports.live.update(stateKey(printerId), mark)
    await world.said(agent, deltaOf(2, 1))
    expect(world.toAgent('agent-1').at(-1)).toEqual({ type: 'resync' })
    await world.said(agent, helloOf(3))
    await world.said(agent, deltaOf(4, 3))
    expect((await storedState(world)).seq).toBe(4)
  })
})

const points = (point: Point): boolean =>
  point.when === 'before' &&
  'key' in point &&
  (point.key.sk === 'PRINTER' || point.key.sk === 'STATE')

const rotates = (hash: string): Actor =>
  mortal({
    name: 'rotate',
    run: async (relay) => {
      await addToken(relay.ports, printerId, hash)
    },
  })

/** A rotation that died did not answer: it is repeated, with the same token. */
const answered = async (world: World, crashed: ReadonlySet<string>): Promise<void> => {
  if (crashed.has('rotate')) await addToken(world.ports, printerId, second)
}

describe('property 6 for tokens: after a rotation answered', () => {
  it('no older one owns the printer after ten minutes, whatever its hello was doing', async () => {
    const runs = await explore(
      async (): Promise<Scenario> => {
        const { world } = await running()
        const old = await world.agent('agent-2', startOfTime + 1, 1)
        return {
          world,
          actors: [mortal(says('hello', old, helloOf(1, { fresh: false }))), rotates(second)],
          check: async ({ crashed }) => {
            await answered(world, crashed)
            world.clock.now += timeOuts.tokenOverlap - timeOuts.watchdog
            await world.relay.watch()
            const before = (await storedState(world)).seq
            await world.said(old, keyframeOf(9))
            expect((await storedState(world)).seq).toBe(before)
            expect(world.open.has('agent-2') && (await storedState(world)).st === 'on').toBe(false)
          },
        }
      },
      { points },
    )
    expect(runs).toBeGreaterThan(100)
  })

  it('the newest owns it for good, whatever an older hello and a publish were doing', async () => {
    await explore(
      async (): Promise<Scenario> => {
        const { world, agent } = await running()
        await addToken(world.ports, printerId, second)
        const young = await world.agent('agent-2', startOfTime + 1, 2)
        return {
          world,
          actors: [
            says('newest', young, helloOf(1, { fresh: false })),
            says('older', agent, helloOf(2, { fresh: false })),
            says('publish', agent, keyframeOf(3)),
          ],
          check: async () => {
            world.clock.now += timeOuts.tokenOverlap
            await world.said(young, keyframeOf(9))
            expect(await storedState(world)).toMatchObject({ gen: genOf(young), seq: 9, st: 'on' })
            expect(await versions(world)).toEqual([2])
          },
        }
      },
      { points: (point) => points(point) && 'call' in point && point.call === 'update' },
    )
  })

  it('an older one that connects after the newest owns nothing once both are done', async () => {
    await explore(
      async (): Promise<Scenario> => {
        const { world } = await running()
        await addToken(world.ports, printerId, second)
        const young = await world.agent('agent-2', startOfTime + 1, 2)
        const late = await world.agent('agent-3', startOfTime + 2, 1)
        return {
          world,
          actors: [
            mortal(says('late', late, helloOf(1, { fresh: false }))),
            says('newest', young, helloOf(1, { fresh: false })),
          ],
          check: async ({ crashed }) => {
            if (crashed.size > 0 || (await versions(world)).length > 1) return
            const state = await storedState(world)
            expect(state.tok === 1 && state.st === 'on').toBe(false)
          },
        }
      },
      { points },
    )
  })

  it('a token that is revoked while it is added owns nothing', async () => {
    await explore(
      async (): Promise<Scenario> => {
        const { world } = await running()
        const young = await world.agent('agent-2', startOfTime + 1, 2)
        return {
          world,
          actors: [
            rotates(second),
            says('hello', young, helloOf(1, { fresh: false })),
            { name: 'revoke', run: (relay) => revokeToken(relay.ports, printerId, 1) },
          ],
          check: async ({ crashed }) => {
            await answered(world, crashed)
            expect(await versions(world)).toEqual([2])
            const state = await storedState(world)
            expect(state.tok === 1 && state.st === 'on').toBe(false)
            expect(world.open.has('agent-1')).toBe(false)
          },
        }
      },
      { points: (point) => points(point) && 'call' in point && point.call === 'update' },
    )
  })
})
