import { describe, expect, it } from 'vitest'
import { explore, type Point, type Scenario } from '../model/explore.ts'
import { says } from '../model/actors.ts'
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
} from '../model/world.ts'
import { grantOnPrinter } from '../support/grant-on-printer.ts'
import { personOf } from '../support/person.ts'

const boss = personOf('owner')
const vera = personOf('vera')

const scene = async () => {
  const world = await makeWorld()
  await world.relay.grantOnSite(siteId, vera.principal, 'viewer')
  const roles = async () =>
    Object.fromEntries(
      (await world.relay.siteView(owner, siteId)).owned?.people.map(({ who, role }) => [
        who,
        role,
      ]) ?? [],
    )
  const audited = async () =>
    (await world.relay.audit(owner, siteId, undefined)).entries.map(
      ({ action, about }) => `${action} ${about}`,
    )
  return { world, relay: world.relay, roles, audited }
}

describe('a role', () => {
  it('is changed by owners, and changed back', async () => {
    const { relay, roles, audited } = await scene()
    await relay.changeRole(boss, siteId, { who: vera.principal, role: 'owner' })
    expect(await roles()).toMatchObject({ [vera.principal]: 'owner' })
    await relay.changeRole(boss, siteId, { who: vera.principal, role: 'owner' })
    await relay.changeRole(vera, siteId, { who: owner, role: 'viewer' })
    await expect(relay.siteView(owner, siteId)).resolves.toMatchObject({ role: 'viewer' })
    await relay.changeRole(vera, siteId, { who: owner, role: 'owner' })
    expect((await audited()).length).toBe(3)
    expect(await audited()).toContain('role_changed user:vera: owner')
  })

  it('of the last owner stays', async () => {
    const { relay, roles } = await scene()
    const demote = relay.changeRole(boss, siteId, { who: owner, role: 'viewer' })
    await expect(demote).rejects.toMatchObject({ code: 'last_owner' })
    await expect(relay.leaveSite(boss, siteId)).rejects.toMatchObject({ code: 'last_owner' })
    const remove = relay.removePerson(boss, siteId, { who: owner })
    await expect(remove).rejects.toMatchObject({ code: 'last_owner' })
    expect(await roles()).toMatchObject({ [owner]: 'owner' })
  })

  it('is not changed by viewers, by strangers, or of whom nobody knows', async () => {
    const { relay } = await scene()
    const change = (who: string, of: string) =>
      relay.changeRole(personOf(who), siteId, { who: of, role: 'owner' })
    await expect(change('vera', 'user:vera')).rejects.toMatchObject({ code: 'not_owner' })
    await expect(change('nobody', 'user:vera')).rejects.toMatchObject({ code: 'not_found' })
    await expect(change('owner', 'user:nobody')).rejects.toMatchObject({ code: 'not_found' })
    await expect(change('owner', guest)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('leaves one owner, however two who demote each other interleave', async () => {
    await explore(
      async () => {
        const { world } = await scene()
        await world.relay.grantOnSite(siteId, vera.principal, 'owner')
        const both = [
          [boss, vera],
          [vera, boss],
        ] as const
        return {
          world,
          actors: both.map(([by, of]) => ({
            name: by.principal,
            run: async (relay) => {
              const change = { who: of.principal, role: 'viewer' as const }
              await relay.changeRole(by, siteId, change).catch((error: unknown) => {
                expect(['not_owner', 'last_owner']).toContain((error as { code: string }).code)
              })
            },
          })),
          check: async () => {
            const site = await world.ports.directory.get({ pk: `S#${siteId}`, sk: 'SITE' })
            expect(Object.keys(site?.['owners'] ?? {}).length).toBe(1)
            expect(Object.keys(site?.['viewers'] ?? {}).length).toBe(1)
          },
        }
      },
      { points: sitePoints },
    )
  })
})

const sitePoints = (point: Point): boolean =>
  point.when === 'before' && 'key' in point && point.key.sk === 'SITE'

describe('a person', () => {
  it('taken off a site loses the single printers of it too', async () => {
    const { relay, roles } = await scene()
    await grantOnPrinter(relay.ports, printerId, vera.principal)
    await relay.removePerson(boss, siteId, { who: vera.principal })
    expect((await relay.listPrinters(vera.principal)).printers).toEqual([])
    expect(await roles()).toEqual({ [owner]: 'owner', [guest]: 'viewer' })
  })

  it('taken off one printer keeps what the site gives, with what is open', async () => {
    const { world, relay, audited } = await scene()
    await world.said(await world.agent('agent-1', startOfTime), helloOf(1))
    await grantOnPrinter(relay.ports, printerId, vera.principal)
    await world.said(await world.viewer('viewer-1', vera.principal), subscribeOf(1))
    await world.said(await world.viewer('viewer-2', guest), subscribeOf(1))
    for (const who of [vera.principal, guest])
      await relay.removePerson(boss, siteId, { who, printerId })
    expect([...world.open]).toEqual(['agent-1', 'viewer-1'])
    expect((await relay.listPrinters(vera.principal)).printers.length).toBe(1)
    expect((await relay.listPrinters(guest)).printers).toEqual([])
    expect(await audited()).toContain('person_removed user:guest: Voron')
  })

  it('leaves a site or a printer, and sees nothing of it any more', async () => {
    const { relay, audited } = await scene()
    await relay.leaveSite(vera, siteId)
    await relay.leavePrinter(personOf('guest'), printerId)
    for (const who of [vera.principal, guest])
      expect((await relay.listPrinters(who)).printers).toEqual([])
    await expect(relay.leaveSite(vera, siteId)).rejects.toMatchObject({ code: 'not_found' })
    const again = relay.leavePrinter(personOf('guest'), printerId)
    await expect(again).rejects.toMatchObject({ code: 'not_found' })
    expect((await audited()).sort()).toEqual([
      'person_left guest@example.org: Voron',
      'person_left vera@example.org',
    ])
  })

  it.each(['agent:printer-1', '__proto__', '', `user:${'x'.repeat(4000)}`, 'guest:a:b'])(
    'is nobody with the principal %#',
    async (who) => {
      const { relay } = await scene()
      const remove = relay.removePerson(boss, siteId, { who })
      await expect(remove).rejects.toMatchObject({ code: 'not_found' })
    },
  )

  it('is not taken off by a printer of another site', async () => {
    const { relay } = await scene()
    await relay.provisionSite({ siteId: 'site-2', name: 'Next door', owner: 'user:neighbour' })
    const more = { siteId: 'site-2', printerId: 'printer-9', name: 'Voron', tokenHash: 'a' }
    await relay.provisionPrinter(more)
    await grantOnPrinter(relay.ports, 'printer-9', vera.principal)
    const remove = (who: string, site: string, printer: string) =>
      relay.removePerson(personOf(who), site, { who: vera.principal, printerId: printer })
    await expect(remove('owner', siteId, 'printer-9')).rejects.toMatchObject({ code: 'not_found' })
    await expect(remove('owner', 'site-2', 'printer-9')).rejects.toMatchObject({
      code: 'not_found',
    })
    expect((await relay.listPrinters(vera.principal)).printers.length).toBe(2)
  })
})

describe('after a removal answered', () => {
  const grace = 5000
  const rights = (point: Point): boolean =>
    point.when === 'before' &&
    'key' in point &&
    (['SITE', 'PRINTER'].includes(point.key.sk ?? '') ||
      (point.key.sk ?? '').startsWith('SUB#') ||
      (point.call === 'query' && point.key.pk === `P#${printerId}`))
  const rightsAndPosts = (point: Point): boolean =>
    rights(point) || ('key' in point === false && point.call === 'send')

  /** Somebody with a role on the site and a right to its printer, and what is done at once. */
  const removal = async (meanwhile: 'subscribe' | 'publish', mayCrash: boolean) => {
    const { world } = await scene()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    await grantOnPrinter(world.ports, printerId, vera.principal)
    const viewer = await world.viewer('viewer-1', vera.principal)
    if (meanwhile === 'publish') await world.said(viewer, subscribeOf(1))
    const scenario: Scenario = {
      world,
      actors: [
        meanwhile === 'publish'
          ? says('publish', agent, deltaOf(2, 1))
          : says('subscribe', viewer, subscribeOf(1)),
        {
          name: 'remove',
          mayCrash,
          run: async (relay) => {
            await relay.revokeOnSite(siteId, vera.principal)
            world.clock.now += grace
          },
        },
      ],
      check: async ({ crashed }) => {
        // One that died did not answer: it is repeated until it does.
        if (crashed.has('remove')) {
          await world.relay.removePerson(boss, siteId, { who: vera.principal })
          world.clock.now += grace
        }
        await world.said(agent, keyframeOf(9))
        const late = world.posts.filter(
          ({ to, at }) => to === 'viewer-1' && at >= startOfTime + grace,
        )
        expect(late.filter(({ text }) => !text.includes('"error"'))).toEqual([])
        expect((await world.relay.listPrinters(vera.principal)).printers).toEqual([])
      },
    }
    return scenario
  }

  it('no frame comes, whatever a subscribe was doing', async () => {
    const runs = await explore(() => removal('subscribe', false), { points: rightsAndPosts })
    expect(runs).toBeGreaterThan(100)
  })

  it('no frame comes, wherever the removal died before it was repeated', async () => {
    const runs = await explore(() => removal('subscribe', true), { points: rights })
    expect(runs).toBeGreaterThan(100)
  })

  it('no frame comes from a publish that was on its way', async () => {
    await explore(() => removal('publish', true), { points: rightsAndPosts })
  })
})
