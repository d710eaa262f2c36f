import { describe, expect, it } from 'vitest'
import type { Caller } from '../../functions/relay/caller.ts'
import type { Relay } from '../../functions/relay/create-relay.ts'
import { RelayError } from '../../functions/relay/errors.ts'
import {
  connectionsKey,
  shareKey,
  shareOfSiteKey,
  subscriptionKey,
} from '../../functions/relay/table/keys.ts'
import { whoseConnections } from '../../functions/relay/connections/open-connections.ts'
import { standingShare } from '../../functions/relay/shares/share-item.ts'
import { mirroredShares } from '../../functions/relay/shares/site-shares.ts'
import type { Table } from '../../functions/relay/table/table.ts'
import { mortal, says } from '../model/actors.ts'
import { subscribeCheckingFirst } from '../model/broken.ts'
import { breaks, explore, type Actor, type Point, type Scenario } from '../model/explore.ts'
import { guestConnected, personOf, shareIn, shareWish } from '../model/guests.ts'
import { revokes, silentSince } from '../model/revoking.ts'
import {
  deltaOf,
  helloOf,
  makeWorld,
  owner,
  printerId,
  siteId,
  startOfTime,
  subscribeOf,
} from '../model/world.ts'

/** What links, their guests and the agent share: the link's truth, the live items, the ends. */
const points = (point: Point): boolean => {
  if (point.when === 'after') return false
  if (!('key' in point)) return true
  const { pk = '', sk = '' } = point.key
  return sk === 'SHARE' || (pk.startsWith('P#') && sk !== 'PRINTER')
}

/** What making and withdrawing a link share: its truth and its place in the site's list. */
const directoryPoints = (point: Point): boolean =>
  point.when === 'before' &&
  'key' in point &&
  (point.key.sk === 'SHARE' || (point.key.pk ?? '').startsWith('S#'))

/** Withdraws as the owner does; what is gone from the list is withdrawn whole. */
const withdraw = async (relay: Relay, hash: string): Promise<void> => {
  try {
    await relay.revokeShare(personOf(owner), siteId, hash)
  } catch (error) {
    if (!(error instanceof RelayError) || error.code !== 'not_found') throw error
  }
}

/** A link with a connected guest, on no list of open connections: the entries alone must do. */
const scene = async () => {
  const world = await makeWorld({ start: startOfTime })
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  const { id, secret } = await shareIn(world)
  const guest = await guestConnected(world, secret, 'guest-1')
  await world.ports.live.delete(connectionsKey(whoseConnections(guest.principal)))
  const revoke = revokes(world, (relay) => withdraw(relay, id))
  const check = silentSince(world, guest, agent, () => withdraw(world.relay, id))
  return { world, agent, guest, id, secret, revoke, check }
}

describe('property 6: after the withdrawal of a share link answered', () => {
  const subscribing = (subscribe: (guest: Caller) => Actor) => async (): Promise<Scenario> => {
    const { world, guest, revoke, check } = await scene()
    return { world, actors: [subscribe(guest), revoke], check }
  }

  it('no frame comes, whatever a subscribe was doing and whoever died when', async () => {
    const runs = await explore(
      subscribing((guest) => mortal(says('subscribe', guest, subscribeOf(1)))),
      { points },
    )
    expect(runs).toBeGreaterThan(500)
  })

  it('does not hold for a subscribe that checks before it records (broken variant)', async () => {
    const checkingFirst = subscribing((guest) => ({
      name: 'subscribe',
      run: (_, ports) => subscribeCheckingFirst(ports, guest, subscribeOf(1)),
    }))
    expect(await breaks(checkingFirst, { points })).toBe(true)
  })

  it.each([
    ['publish', 'agent-1', deltaOf(2, 1)],
    ['hello of a new agent', 'agent-2', helloOf(1, { fresh: false })],
  ])('no frame comes from a %s that was on its way', async (_, connectionId, frame) => {
    await explore(
      async () => {
        const { world, agent, guest, revoke, check } = await scene()
        await world.said(guest, subscribeOf(1))
        const speaker =
          connectionId === 'agent-1' ? agent : await world.agent(connectionId, startOfTime + 1)
        return { world, actors: [says('agent', speaker, frame), revoke], check }
      },
      // What becomes of STATE is between agents.
      { points: (point) => points(point) && !('key' in point && point.key.sk === 'STATE') },
    )
  })

  it('no sync shows anything either', async () => {
    await explore(
      async () => {
        const { world, guest, revoke, check } = await scene()
        await world.said(guest, subscribeOf(1))
        const sync = says('sync', guest, { action: 'sync', printerId, rid: 1 })
        return { world, actors: [mortal(sync), revoke], check }
      },
      { points },
    )
  })

  it('no token is worth anything, also one that was given meanwhile', async () => {
    await explore(
      async () => {
        const { world, id, secret, revoke } = await scene()
        const tokens: string[] = []
        const redeem = async (relay: Relay) => {
          const given = await relay.redeemShare('192.0.2.1', () => secret).catch(() => undefined)
          if (given) tokens.push(given.token)
        }
        return {
          world,
          actors: [{ name: 'redeem', run: redeem }, revoke],
          check: async () => {
            await withdraw(world.relay, id)
            for (const token of tokens)
              await expect(world.relay.guestOf(token)).rejects.toMatchObject({
                code: 'unauthenticated',
              })
          },
        }
      },
      { points: (point) => points(point) || directoryPoints(point) },
    )
  })
})

describe('a withdrawal that died', () => {
  const killed = async (): Promise<Scenario> => {
    const { world, guest, id, revoke } = await scene()
    await world.said(guest, subscribeOf(1))
    return {
      world,
      actors: [revoke],
      check: async () => {
        const listed = (await mirroredShares(world.ports, siteId)).some(({ hash }) => hash === id)
        const entry = await world.ports.live.get(subscriptionKey(printerId, 'guest-1'))
        const stands = await standingShare(world.ports, id)
        if (stands || entry || world.open.has('guest-1')) expect(listed).toBe(true)
      },
    }
  }
  const everyPoint = (point: Point) => points(point) || directoryPoints(point)

  it('stays in the owner’s list until nothing is left of it', async () => {
    expect(await explore(killed, { points: everyPoint })).toBeGreaterThan(6)
  })

  it('does not when the list is cleared before the truth (broken variant)', async () => {
    /** Deletes the mirror where the truth would be, and the truth where the mirror would. */
    const mirrorFirst = (table: Table): Table => ({
      ...table,
      delete: async (key, when) => {
        if (key.sk === 'SHARE') {
          const hash = key.pk.slice('H#'.length)
          await table.delete(shareOfSiteKey(siteId, hash))
          return table.delete({ ...key, pk: `${key.pk}-later` }, when)
        }
        if (key.sk.startsWith('H#')) return table.delete(shareKey(key.sk.slice('H#'.length)))
        return table.delete(key, when)
      },
    })
    expect(await breaks(killed, { points: everyPoint, variant: mirrorFirst })).toBe(true)
  })
})

describe('a link that is withdrawn while it is made', () => {
  const making = async (): Promise<Scenario> => {
    const world = await makeWorld({ start: startOfTime })
    const withdrawn: string[] = []
    const make: Actor = {
      name: 'make',
      mayCrash: true,
      run: async (relay) => {
        await relay.makeShare(personOf(owner), siteId, shareWish()).catch(() => undefined)
      },
    }
    const revoke: Actor = {
      name: 'revoke',
      run: async (relay, ports) => {
        for (const { hash } of await mirroredShares(ports, siteId)) {
          await withdraw(relay, hash)
          withdrawn.push(hash)
        }
      },
    }
    return {
      world,
      actors: [make, revoke],
      check: async ({ trace }) => {
        const listed = (await mirroredShares(world.ports, siteId)).map(({ hash }) => hash)
        const made = trace.flatMap((at) => /put H#([0-9a-f]{64}) SHARE/.exec(at)?.[1] ?? [])
        for (const hash of made)
          if (await standingShare(world.ports, hash)) {
            expect(listed).toContain(hash)
            expect(withdrawn).not.toContain(hash)
          }
      },
    }
  }

  it('opens nothing that is not in its site’s list, whoever died when', async () => {
    expect(await explore(making, { points: directoryPoints })).toBeGreaterThan(30)
  })

  it('does, when it is turned on whatever became of it (broken variant)', async () => {
    const unasked = (table: Table): Table => ({
      ...table,
      put: (item, when) => table.put(item, item.sk === 'SHARE' ? undefined : when),
    })
    expect(await breaks(making, { points: directoryPoints, variant: unasked })).toBe(true)
  })
})
