import { describe, expect, it } from 'vitest'
import { createRelay } from '../../functions/relay/create-relay.ts'
import { explore, type Point, type Scenario } from '../model/explore.ts'
import {
  deltaOf,
  helloOf,
  keyframeOf,
  makeWorld,
  owner,
  startOfTime,
  subscribeOf,
} from '../model/world.ts'
import { mortal, says } from '../model/actors.ts'
import { personOf } from '../support/person.ts'

const boss = personOf('owner', { signedAt: startOfTime - 10_000 })
const admission = { emails: [], domains: [], group: undefined }
const origins: readonly string[] = []
const refused = { code: 'unauthenticated' }

const withAccounts = async () => {
  const world = await makeWorld()
  const ended: string[] = []
  const accounts = {
    invite: async () => ({ state: 'elsewhere' as const }),
    endSignIns: async (principal: string) => {
      ended.push(principal)
      world.clock.now += 700
    },
  }
  return { world, ended, relay: createRelay({ ...world.ports, accounts }, { origins, admission }) }
}

describe('signing out everywhere', () => {
  it('refuses the sign-ins before it, and nobody else’s', async () => {
    const { world, relay, ended } = await withAccounts()
    await relay.endSessions(boss)
    expect(ended).toEqual([owner])
    await expect(relay.checkSession(boss)).rejects.toMatchObject(refused)
    await relay.checkSession(personOf('vera', { signedAt: 0 }))
    world.clock.now += 5000
    await relay.checkSession({ ...boss, signedAt: world.clock.now })
  })

  it('lets in who signs in again within the same second, whose token says the second alone', async () => {
    const world = await makeWorld({ start: startOfTime + 900 })
    await world.relay.endSessions(boss)
    await world.relay.checkSession({ ...boss, signedAt: startOfTime })
    const before = { ...boss, signedAt: startOfTime - 1000 }
    await expect(world.relay.checkSession(before)).rejects.toMatchObject(refused)
  })

  it('refuses what a refresh token gave while the issuer was ending it', async () => {
    const world = await makeWorld()
    const accounts = {
      invite: async () => ({ state: 'elsewhere' as const }),
      endSignIns: async () => {
        world.clock.now += 2000
      },
    }
    const relay = createRelay({ ...world.ports, accounts }, { origins, admission })
    await relay.endSessions(boss)
    const meanwhile = { ...boss, signedAt: startOfTime + 1000 }
    await expect(relay.checkSession(meanwhile)).rejects.toMatchObject(refused)
  })

  it('never goes back, when an earlier one comes late', async () => {
    const world = await makeWorld()
    world.clock.now += 60_000
    await world.relay.endSessions(boss)
    world.clock.now -= 50_000
    // It looked at its own sign-in before the other was written.
    await world.relay.endSessions({ ...boss, signedAt: startOfTime + 60_000 })
    const between = { ...boss, signedAt: startOfTime + 30_000 }
    await expect(world.relay.checkSession(between)).rejects.toMatchObject(refused)
  })

  it('ends what is open, and a ticket from before opens and renews nothing', async () => {
    const { world, relay } = await withAccounts()
    const { ticket } = await relay.issueTicket(boss)
    const renewal = await relay.issueTicket(boss)
    await world.viewer('viewer-1', owner)
    await world.viewer('viewer-2', 'user:vera')
    await relay.endSessions(boss)
    expect([...world.open]).toEqual(['viewer-2'])
    expect(world.toViewer('viewer-1').at(-1)).toEqual({ type: 'closing', reason: 'signed_out' })
    const identity = await relay.authorize({ ticket, authorization: undefined, origin: undefined })
    const caller = { ...identity, connectionId: 'late', connectedAt: 1, requestId: 'r' }
    await expect(relay.connected(caller)).rejects.toMatchObject(refused)
    expect(await world.ports.live.get({ pk: 'C#late', sk: 'C' })).toBeUndefined()
    const anew = await world.viewer('viewer-3', owner)
    await relay.said(anew, JSON.stringify({ action: 'renew', ticket: renewal.ticket }))
    expect(world.toViewer('viewer-3').at(-1)).toMatchObject({ type: 'error', ...refused })
  })

  it('tells when the issuer could not, after it refused the sign-ins', async () => {
    const world = await makeWorld()
    const accounts = {
      invite: async () => ({ state: 'elsewhere' as const }),
      endSignIns: async () => Promise.reject(new TypeError('down')),
    }
    const relay = createRelay({ ...world.ports, accounts }, { origins, admission })
    await world.viewer('viewer-1', owner)
    await expect(relay.endSessions(boss)).rejects.toThrow('down')
    await expect(relay.checkSession(boss)).rejects.toMatchObject(refused)
    expect(world.open.has('viewer-1')).toBe(false)
  })
})

describe('after signing out everywhere answered', () => {
  const points = (point: Point): boolean =>
    point.when === 'before' &&
    ('key' in point
      ? ['C', 'L', 'SESSIONS'].includes(point.key.sk ?? '') ||
        (point.key.sk ?? '').startsWith('SUB#')
      : point.call === 'close')

  const signsOut = (world: { clock: { now: number } }) => ({
    name: 'sign out',
    mayCrash: true,
    run: async (relay: ReturnType<typeof createRelay>) => {
      await relay.endSessions(boss)
      world.clock.now += 5000
    },
  })

  it('no connection is there that an old sign-in opened, however they interleave', async () => {
    const runs = await explore(
      async () => {
        const world = await makeWorld()
        const caller = {
          ...{ connectionId: 'late', connectedAt: 1, requestId: 'r', kind: 'viewer' as const },
          ...{
            principal: owner,
            until: startOfTime + 1e6,
            signedAt: boss.signedAt,
            tok: undefined,
          },
        }
        world.open.add('late')
        const scenario: Scenario = {
          world,
          actors: [
            {
              name: 'connect',
              run: async (relay) => {
                await relay.connected(caller).catch((error: unknown) => {
                  expect(error).toMatchObject(refused)
                  world.open.delete('late')
                })
              },
            },
            signsOut(world),
          ],
          check: async ({ crashed }) => {
            if (crashed.has('sign out')) await world.relay.endSessions(boss)
            expect([...world.open]).toEqual([])
          },
        }
        return scenario
      },
      { points },
    )
    expect(runs).toBeGreaterThan(10)
  })

  it('no frame comes, whatever subscribe and publish were doing', async () => {
    for (const meanwhile of ['subscribe', 'publish'])
      await explore(
        async () => {
          const world = await makeWorld()
          const agent = await world.agent('agent-1', startOfTime)
          await world.said(agent, helloOf(1))
          const viewer = await world.viewer('viewer-1', owner)
          if (meanwhile === 'publish') await world.said(viewer, subscribeOf(1))
          return {
            world,
            actors: [
              meanwhile === 'publish'
                ? says('publish', agent, deltaOf(2, 1))
                : mortal(says('subscribe', viewer, subscribeOf(1))),
              signsOut(world),
            ],
            check: async ({ crashed }) => {
              if (crashed.has('sign out')) {
                await world.relay.endSessions(boss)
                world.clock.now += 5000
              }
              await world.said(agent, keyframeOf(9))
              const late = world.posts.filter(
                ({ to, at }) => to === 'viewer-1' && at >= startOfTime + 5000,
              )
              expect(late.filter(({ text }) => !text.includes('"error"'))).toEqual([])
            },
          }
        },
        { points },
      )
  })
})
