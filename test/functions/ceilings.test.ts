import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { connectHandler } from '../../functions/handlers/connect.ts'
import type { Caller } from '../../functions/relay/caller.ts'
import { connectionKey } from '../../functions/relay/table/keys.ts'
import {
  connectionsOf,
  noteConnection,
  whoseConnections,
} from '../../functions/relay/connections/open-connections.ts'
import { limits } from '../../protocol/limits.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { subprotocol } from '../../protocol/version.ts'
import { mortal } from '../model/actors.ts'
import { explore, type Scenario } from '../model/explore.ts'
import { guest, lastsLong, makeWorld, owner, subscribeOf, type World } from '../model/world.ts'

const callerOf = (connectionId: string, principal = owner): Caller => ({
  ...{ connectionId, principal, connectedAt: 1, requestId: 'r', kind: 'viewer' },
  ...{ until: lastsLong, signedAt: undefined, tok: undefined },
})

/** Opens so many connections, slowly enough for the rate. */
const openMany = async (world: World, count: number, principal = owner): Promise<Caller[]> => {
  const callers = Array.from({ length: count }, (_, i) => callerOf(`c${i}`, principal))
  for (const caller of callers) {
    world.clock.now += timeOuts.pendingSubscription
    world.open.add(caller.connectionId)
    await world.relay.connected(caller)
  }
  return callers
}

const most = limits.connectionsPerPrincipal
const share = 'a'.repeat(64)

describe('the ceiling on connections', () => {
  it('lets a principal have so many, refuses the next, and lets it in when one ended', async () => {
    const world = await makeWorld()
    const [first] = await openMany(world, most)
    await expect(world.relay.connected(callerOf('late'))).rejects.toMatchObject({
      code: 'too_many_connections',
      retryAfter: timeOuts.watchdog,
    })
    expect(await world.ports.live.get(connectionKey('late'))).toBeUndefined()
    if (first) await world.relay.disconnected(first)
    await world.relay.connected(callerOf('late'))
    expect(await connectionsOf(world.ports, owner)).toHaveLength(most)
  })

  it('answers the handshake with 429 and when to come again', async () => {
    const world = await makeWorld()
    await openMany(world, most)
    const authorizer = { principal: owner, kind: 'viewer', until: String(lastsLong) }
    const answer = await connectHandler(world.relay)({
      headers: { 'sec-websocket-protocol': subprotocol },
      requestContext: { connectionId: 'late', connectedAt: 5, requestId: 'r', authorizer },
    })
    expect(answer).toMatchObject({ statusCode: 429, headers: { 'Retry-After': '60' } })
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'too_many_connections', retryable: true, retryAfter: 60_000 },
    })
  })

  it('touches nobody else', async () => {
    const world = await makeWorld()
    await openMany(world, most)
    await world.relay.connected(callerOf('other', guest))
    expect(await connectionsOf(world.ports, guest)).toEqual(['other'])
  })

  it('counts the guests of a share link together, and another link apart', async () => {
    const world = await makeWorld()
    const guestOf = (hash: string, n: number): string => `guest:${hash}:${n}`
    expect(whoseConnections(guestOf(share, 1))).toBe(`share:${share}`)
    for (let n = 0; n < limits.connectionsPerShare; n += 1) {
      world.open.add(`c${n}`)
      await world.relay.connected(callerOf(`c${n}`, guestOf(share, n)))
    }
    const more = world.relay.connected(callerOf('more', guestOf(share, 9999)))
    await expect(more).rejects.toMatchObject({ code: 'too_many_connections' })
    await world.relay.connected(callerOf('else', guestOf('b'.repeat(64), 1)))
    expect(await connectionsOf(world.ports, `share:${share}`)).toHaveLength(250)
  })

  it('forgets those whose `$disconnect` never came, once their items are gone', async () => {
    const world = await makeWorld()
    await openMany(world, most)
    world.clock.now += timeOuts.pendingSubscription
    await world.ports.live.delete(connectionKey('c3'))
    await world.relay.connected(callerOf('late'))
    const open = await connectionsOf(world.ports, owner)
    expect(open).toContain('late')
    expect(open).not.toContain('c3')
    expect(open).toHaveLength(most)
  })

  it('forgets those that the gateway holds no more, and what they might have said', async () => {
    const world = await makeWorld()
    await openMany(world, most)
    world.clock.now += timeOuts.pendingSubscription
    world.open.delete('c3')
    await world.relay.connected(callerOf('late'))
    expect(await connectionsOf(world.ports, owner)).not.toContain('c3')
    expect(await world.ports.live.get(connectionKey('c3'))).toBeUndefined()
    expect(await world.ports.live.get(connectionKey('c4'))).toBeDefined()
  })

  it('forgets those that the gateway has cut by now', async () => {
    const world = await makeWorld()
    await openMany(world, most)
    world.clock.now += 3 * timeOuts.connectionLife
    await world.relay.connected(callerOf('late'))
    expect(await connectionsOf(world.ports, owner)).toEqual(['late'])
  })

  it('keeps the place of a connection whose `$connect` is still at work', async () => {
    const world = await makeWorld()
    await openMany(world, most - 1)
    await noteConnection(world.ports, callerOf('at-work'))
    await expect(world.relay.connected(callerOf('late'))).rejects.toMatchObject({
      code: 'too_many_connections',
    })
    expect(await connectionsOf(world.ports, owner)).toContain('at-work')
  })

  it('never lets more in, whoever comes and goes in whatever order', async () => {
    const op = fc.record({ id: fc.nat(40), comes: fc.boolean(), wait: fc.nat(20_000) })
    await fc.assert(
      fc.asyncProperty(fc.array(op, { maxLength: 80 }), async (ops) => {
        const world = await makeWorld()
        const open = new Set<string>()
        for (const { id, comes, wait } of ops) {
          world.clock.now += wait
          const caller = callerOf(`c${id}`)
          if (!comes) {
            await world.relay.disconnected(caller)
            world.open.delete(caller.connectionId)
            open.delete(caller.connectionId)
          } else {
            world.open.add(caller.connectionId)
            await world.relay.connected(caller).then(
              () => open.add(caller.connectionId),
              () => undefined,
            )
          }
          const listed = await connectionsOf(world.ports, owner)
          expect(listed.length).toBeLessThanOrEqual(most)
          expect(listed).toEqual(expect.arrayContaining([...open]))
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('the list of connections', () => {
  /** List and items of connections; what `$connect` and `$disconnect` share with a reader of it. */
  const points = (point: { when: string; key?: { pk?: string } }): boolean =>
    point.when === 'before' && /^[LC]#/.test(point.key?.pk ?? '')

  it('has every connection that can see something, whoever died when', async () => {
    await explore(
      async (): Promise<Scenario> => {
        const world = await makeWorld()
        await world.relay.connected(callerOf('there'))
        const connects = (id: string) =>
          mortal({ name: id, run: (relay) => relay.connected(callerOf(id)) })
        return {
          world,
          actors: [
            connects('one'),
            connects('two'),
            mortal({ name: 'leaves', run: (relay) => relay.disconnected(callerOf('there')) }),
          ],
          check: async () => {
            const listed = await connectionsOf(world.ports, owner)
            for (const id of ['there', 'one', 'two'])
              if (await world.ports.live.get(connectionKey(id))) expect(listed).toContain(id)
          },
        }
      },
      { points },
    )
  })

  it('comes first: a connection that is not listed is refused whatever it says', async () => {
    const world = await makeWorld()
    const caller = callerOf('unlisted')
    world.open.add('unlisted')
    await world.said(caller, subscribeOf(1))
    expect(world.toViewer('unlisted')).toMatchObject([{ code: 'unknown_connection' }])
  })
})
