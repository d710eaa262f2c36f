import { describe, expect, it } from 'vitest'
import { createRelay } from '../../functions/relay/create-relay.ts'
import { firstSiteId } from '../../functions/relay/sites/first-site.ts'
import { siteListSchema, siteViewSchema } from '../../protocol/rest-sites.ts'
import { guest, makeWorld, owner, printerId, siteId, type World } from '../model/world.ts'
import { grantOnPrinter } from '../support/grant-on-printer.ts'
import { personOf } from '../support/person.ts'

const ownerEmail = 'boss@example.org'
const admission = { emails: [], domains: [], group: undefined }
const relayOf = ({ ports }: World) => createRelay(ports, { origins: [], admission, ownerEmail })
const boss = personOf('boss')
const ownerPerson = personOf('owner')

const actions = async (world: World, site = siteId) =>
  (await world.relay.audit(owner, site, undefined)).entries.map(({ action }) => action)

describe('the first site', () => {
  it('is made for who signs in with the operator’s verified address, once', async () => {
    const world = await makeWorld()
    const relay = relayOf(world)
    const both = await Promise.all([relay.listSites(boss), relay.listSites(boss)])
    const wanted = [{ id: firstSiteId(ownerEmail), name: 'Home', role: 'owner' }]
    for (const { sites } of both) expect(sites).toEqual(wanted)
    expect(siteListSchema.parse(await relay.listSites(boss)).sites).toEqual(wanted)
    const [entry] = (await relay.audit(boss.principal, firstSiteId(ownerEmail), undefined)).entries
    expect(entry).toMatchObject({ action: 'site_made', by: ownerEmail })
  })

  it.each([
    ['another address', personOf('somebody')],
    ['the address unverified', personOf('boss', { email: undefined })],
  ])('is not made for %s', async (_, person) => {
    expect(await relayOf(await makeWorld()).listSites(person)).toEqual({ sites: [] })
  })

  it('is not given again to whom another owner took off it', async () => {
    const relay = relayOf(await makeWorld())
    await relay.listSites(boss)
    const first = firstSiteId(ownerEmail)
    await relay.grantOnSite(first, 'user:second', 'owner')
    await relay.removePerson(personOf('second'), first, { who: boss.principal })
    expect(await relay.listSites(boss)).toEqual({ sites: [] })
    expect(await relay.listSites(personOf('boss', { principal: 'user:twin' }))).toEqual({
      sites: [],
    })
  })
})

describe('a site', () => {
  it('shows a viewer what it is called, and nothing of who else is there', async () => {
    const world = await makeWorld()
    await world.relay.grantOnSite(siteId, 'user:vera', 'viewer')
    const { now } = world.clock
    expect(await world.relay.siteView('user:vera', siteId)).toEqual({
      ...{ id: siteId, name: 'Home', role: 'viewer', you: 'user:vera', now },
    })
  })

  it('does not exist for others, for viewers of one printer neither', async () => {
    const { relay } = await makeWorld()
    for (const [who, site] of [
      [guest, siteId],
      ['user:nobody', siteId],
      [owner, 'site-2'],
    ] as const)
      await expect(relay.siteView(who, site)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('shows its owners everybody once, with the single printers merged', async () => {
    const world = await makeWorld()
    const { relay } = world
    const more = { siteId, printerId: 'printer-2', name: '二号机', tokenHash: 'a'.repeat(64) }
    await relay.provisionPrinter(more)
    await grantOnPrinter(relay.ports, 'printer-2', guest)
    await relay.grantOnSite(siteId, 'user:vera', 'viewer')
    await grantOnPrinter(relay.ports, 'printer-2', 'user:vera')
    const { owned } = siteViewSchema.parse(await relay.siteView(owner, siteId))
    expect(owned?.people.map(({ who, role, printerIds }) => ({ who, role, printerIds }))).toEqual([
      { who: owner, role: 'owner', printerIds: undefined },
      { who: 'user:vera', role: 'viewer', printerIds: undefined },
      { who: guest, role: 'viewer', printerIds: [printerId, 'printer-2'] },
    ])
    expect(owned?.printers).toEqual([
      { id: printerId, name: 'Voron', tokens: [1] },
      { id: 'printer-2', name: '二号机', tokens: [1] },
    ])
  })

  it('is renamed by its owners only, and that is written down', async () => {
    const world = await makeWorld()
    await world.relay.grantOnSite(siteId, 'user:vera', 'viewer')
    await world.relay.renameSite(ownerPerson, siteId, 'مختبر')
    expect((await world.relay.siteView(owner, siteId)).name).toBe('مختبر')
    const rename = (name: string) => world.relay.renameSite(personOf(name), siteId, 'Mine')
    await expect(rename('vera')).rejects.toMatchObject({ code: 'not_owner' })
    await expect(rename('nobody')).rejects.toMatchObject({ code: 'not_found' })
    expect(await actions(world)).toEqual(['site_renamed'])
  })

  it('leaves the list of who lost the role, with the mirror that led there', async () => {
    const world = await makeWorld()
    const { directory } = world.ports
    await directory.put({ pk: 'U#user:vera', sk: `S#${siteId}`, at: world.clock.now })
    world.clock.now += 61_000
    expect(await world.relay.listSites(personOf('vera'))).toEqual({ sites: [] })
    expect(await directory.get({ pk: 'U#user:vera', sk: `S#${siteId}` })).toBeUndefined()
  })

  it('with 30 printers and 200 people is one item with lists', async () => {
    const { relay, ports } = await makeWorld()
    for (let n = 0; n < 30; n += 1)
      await relay.provisionPrinter({
        ...{
          siteId,
          printerId: `farm-${n}`,
          name: `Printer ${n}`,
          tokenHash: `${n}`.padEnd(64, 'a'),
        },
      })
    for (let n = 0; n < 200; n += 1) await relay.grantOnSite(siteId, `user:${n}`, 'viewer')
    const { printers } = await relay.listPrinters('user:199')
    expect(printers.length).toBe(31)
    // What a person has of it is one mirror, and no printer has any.
    expect((await ports.directory.query({ pk: 'U#user:199' })).items.length).toBe(1)
    const { items } = await ports.directory.query({ pk: `S#${siteId}` })
    expect(items.filter(({ sk }) => sk.startsWith('P#')).length).toBe(31)
    expect(items.filter(({ sk }) => sk === 'SITE').length).toBe(1)
  })
})
