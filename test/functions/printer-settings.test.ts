import { describe, expect, it } from 'vitest'
import {
  printerKey,
  printerOfPersonKey,
  printerOfSiteKey,
} from '../../functions/relay/table/keys.ts'
import { mortal, says } from '../model/actors.ts'
import { explore, type Point, type Scenario } from '../model/explore.ts'
import {
  deltaOf,
  guest,
  helloOf,
  keyframeOf,
  makeWorld,
  owner,
  printerId,
  siteId,
  startOfTime,
  subscribeOf,
  type World,
} from '../model/world.ts'
import { personOf } from '../support/person.ts'

const boss = personOf('owner')

const watched = async () => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  const viewer = await world.viewer('viewer-1', guest)
  await world.said(viewer, subscribeOf(1))
  return { world, agent, viewer }
}

const nothingLeft = async (world: World): Promise<void> => {
  const { directory, live } = world.ports
  for (const key of [
    printerKey(printerId),
    printerOfSiteKey(siteId, printerId),
    printerOfPersonKey(guest, printerId),
  ])
    expect(await directory.get(key)).toBeUndefined()
  expect((await live.query({ pk: `P#${printerId}`, prefix: 'SUB#' })).items).toEqual([])
}

describe('a printer’s name', () => {
  it('is changed by an owner, and the change is written down', async () => {
    const { world } = await watched()
    await world.relay.renamePrinter(boss, printerId, 'Große Voron')
    expect((await world.relay.printerView(guest, printerId)).name).toBe('Große Voron')
    const { entries } = await world.relay.audit(owner, siteId, undefined)
    expect(entries[0]).toMatchObject({ action: 'printer_renamed', about: 'Voron → Große Voron' })
  })

  it('is left alone for everybody else', async () => {
    const { world } = await watched()
    const rename = (who: string) => world.relay.renamePrinter(personOf(who), printerId, 'Mine')
    await expect(rename('guest')).rejects.toMatchObject({ code: 'not_owner' })
    await expect(rename('stranger')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a printer that is removed', () => {
  it('ends its agent and its viewers, and is there for nobody', async () => {
    const { world, agent } = await watched()
    await world.relay.removePrinter(boss, printerId)
    expect(world.toAgent('agent-1').at(-1)).toEqual({ type: 'closing', reason: 'token_revoked' })
    expect(world.toViewer('viewer-1').at(-1)).toEqual({ type: 'closing', reason: 'access_revoked' })
    expect([...world.open]).toEqual([])
    await nothingLeft(world)
    for (const who of [owner, guest])
      await expect(world.relay.printerView(who, printerId)).rejects.toMatchObject({
        code: 'not_found',
      })
    expect((await world.relay.listPrinters(owner)).printers).toEqual([])
    await world.said(agent, deltaOf(2, 1))
    expect((await world.relay.audit(owner, siteId, undefined)).entries[0]).toMatchObject({
      ...{ action: 'printer_removed', about: 'Voron' },
    })
  })

  it('ends a second agent that waits for its turn', async () => {
    const { world } = await watched()
    await world.agent('agent-2', startOfTime - 1)
    await world.relay.removePrinter(boss, printerId)
    expect(world.open.has('agent-2')).toBe(false)
  })

  it('is removed by owners alone', async () => {
    const { world } = await watched()
    const remove = (who: string) => world.relay.removePrinter(personOf(who), printerId)
    await expect(remove('guest')).rejects.toMatchObject({ code: 'not_owner' })
    await expect(remove('stranger')).rejects.toMatchObject({ code: 'not_found' })
  })

  const points = (point: Point): boolean =>
    point.when === 'before' &&
    (!('key' in point) || /^(P#|S#|U#)/.test(point.key.pk ?? '') || point.call === 'delete')

  it('is gone after a repetition, wherever the first try was killed', async () => {
    await explore(
      async (): Promise<Scenario> => {
        const { world } = await watched()
        return {
          world,
          actors: [
            mortal({ name: 'remove', run: (relay) => relay.removePrinter(boss, printerId) }),
          ],
          check: async () => {
            const again = world.relay.removePrinter(boss, printerId)
            await again.catch((error: unknown) =>
              expect(error).toMatchObject({ code: 'not_found' }),
            )
            await nothingLeft(world)
            expect([...world.open]).toEqual([])
          },
        }
      },
      { points },
    )
  })

  /** The truth, and one kind of live items. */
  const truthAnd =
    (live: string) =>
    (point: Point): boolean =>
      point.when === 'before' &&
      'key' in point &&
      (point.key.sk === 'PRINTER' || (point.key.sk ?? '').startsWith(live))

  it('lets nobody in who subscribes meanwhile', async () => {
    await explore(
      async (): Promise<Scenario> => {
        const { world, agent } = await watched()
        const late = await world.viewer('viewer-2')
        return {
          world,
          actors: [
            says('subscribe', late, subscribeOf(1)),
            { name: 'remove', run: (relay) => relay.removePrinter(boss, printerId) },
          ],
          check: async () => {
            world.clock.now += 5000
            const before = world.posts.length
            await world.said(agent, keyframeOf(9))
            const told = world.posts.slice(before).filter(({ to }) => to.startsWith('viewer'))
            expect(told).toEqual([])
            await nothingLeft(world)
          },
        }
      },
      { points: truthAnd('SUB#') },
    )
  })

  it('has no owner, whatever a hello was doing', async () => {
    await explore(
      async (): Promise<Scenario> => {
        const { world } = await watched()
        const young = await world.agent('agent-2', startOfTime + 1)
        return {
          world,
          actors: [
            says('hello', young, helloOf(1, { fresh: false })),
            { name: 'remove', run: (relay) => relay.removePrinter(boss, printerId) },
          ],
          check: async () => {
            const state = await world.ports.live.get({ pk: `P#${printerId}`, sk: 'STATE' })
            if (state) expect(state).toMatchObject({ st: 'off', online: false })
            expect(world.open.has('agent-1')).toBe(false)
            expect(world.open.has('agent-2')).toBe(false)
          },
        }
      },
      { points: truthAnd('STATE') },
    )
  })
})

describe('a token that an owner withdraws', () => {
  it('ends its agent, and is written down', async () => {
    const { world } = await watched()
    await world.relay.withdrawToken(boss, printerId, 1)
    expect(world.open.has('agent-1')).toBe(false)
    expect((await world.relay.audit(owner, siteId, undefined)).entries[0]).toMatchObject({
      ...{ action: 'token_revoked', about: 'Voron, token 1' },
    })
  })

  it('is withdrawn by owners alone', async () => {
    const { world } = await watched()
    const withdraw = (who: string) => world.relay.withdrawToken(personOf(who), printerId, 1)
    await expect(withdraw('guest')).rejects.toMatchObject({ code: 'not_owner' })
    await expect(withdraw('stranger')).rejects.toMatchObject({ code: 'not_found' })
    expect(world.open.has('agent-1')).toBe(true)
  })
})
