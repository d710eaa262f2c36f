import { describe, expect, it } from 'vitest'
import { limits } from '../../protocol/limits.ts'
import { newShareSchema, shareAnswerSchema } from '../../protocol/rest-shares.ts'
import { siteShareSchema } from '../../protocol/rest-sites.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { memoryTable } from '../../functions/relay/table/memory-table.ts'
import { sharesOfSite } from '../../functions/relay/shares/site-shares.ts'
import { guestBy, guestConnected, personOf, shareIn, shareWish } from '../model/guests.ts'
import {
  deltaOf,
  guest as viewerOfPrinter,
  helloOf,
  makeWorld,
  owner,
  printerId,
  siteId,
  startOfTime,
  subscribeOf,
  unsubscribeOf,
} from '../model/world.ts'

const secondPrinter = 'printer-2'
const foreignPrinter = 'printer-9'

/** The world's site with a second printer, and another site with one of its own. */
const twoSites = async () => {
  const directory = memoryTable()
  const world = await makeWorld({ directory })
  const { relay } = world
  const printer = (site: string, id: string, tokenHash: string) =>
    relay.provisionPrinter({ siteId: site, printerId: id, name: 'Voron', tokenHash })
  await printer(siteId, secondPrinter, 'a'.repeat(64))
  await relay.provisionSite({ siteId: 'site-9', name: 'Home', owner: 'user:neighbour' })
  await printer('site-9', foreignPrinter, 'b'.repeat(64))
  return { world, relay, directory }
}

const seenBy = async (world: Awaited<ReturnType<typeof makeWorld>>, principal: string) =>
  (await world.relay.listPrinters(principal)).printers.map(({ id }) => id)

describe('making a share link', () => {
  it('is for owners of the site, and tells nobody else that there is one', async () => {
    const { relay } = await twoSites()
    await relay.grantOnSite(siteId, 'user:viewer', 'viewer')
    const make = (who: string) => relay.makeShare(personOf(who), siteId, shareWish())
    await expect(make('user:viewer')).rejects.toMatchObject({ code: 'not_owner' })
    for (const who of [viewerOfPrinter, 'user:neighbour', 'user:nobody'])
      await expect(make(who)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is for printers of that site alone', async () => {
    const { relay } = await twoSites()
    for (const id of [foreignPrinter, 'printer-none'])
      await expect(
        relay.makeShare(personOf(owner), siteId, shareWish({ printerId: id })),
      ).rejects.toMatchObject({ code: 'not_found' })
  })

  it('answers a secret that is kept nowhere', async () => {
    const { world, directory } = await twoSites()
    const share = await shareIn(world, { name: 'Fair' })
    expect(shareAnswerSchema.parse(share)).toEqual(share)
    const { secret } = share
    await guestBy(world, secret)
    const kept = JSON.stringify([directory.items(), world.logged])
    expect(kept).not.toContain(secret)
    expect(kept).toContain(share.id)
    const [made] = (await world.relay.audit(owner, siteId, undefined)).entries
    expect(made).toMatchObject({ action: 'share_made', by: owner, about: 'Fair' })
  })

  it('stops at so many links of a site, and goes on when one is withdrawn or ended', async () => {
    const { world, relay } = await twoSites()
    const shares = []
    for (let i = 0; i < limits.sharesPerSite; i++) shares.push(await shareIn(world))
    await expect(shareIn(world)).rejects.toMatchObject({ code: 'limit_reached' })
    await relay.revokeShare(personOf(owner), siteId, shares[0]?.id ?? '')
    await shareIn(world)
    await expect(shareIn(world)).rejects.toMatchObject({ code: 'limit_reached' })
    world.clock.now += timeOuts.shareShortest
    await shareIn(world)
  })

  it('lives from an hour to 90 days, a display link to a year', () => {
    const parsed = (lifetime: number, display: boolean) =>
      newShareSchema.safeParse({ ...shareWish(), lifetime, display }).success
    expect(parsed(timeOuts.shareShortest - 1, false)).toBe(false)
    expect(parsed(timeOuts.shareLongest, false)).toBe(true)
    expect(parsed(timeOuts.shareLongest + 1, false)).toBe(false)
    expect(parsed(timeOuts.displayLongest, true)).toBe(true)
    expect(parsed(timeOuts.displayLongest + 1, true)).toBe(false)
  })
})

describe('the scope of a share link', () => {
  it('is its one printer, or all of its site, and never another site', async () => {
    const { world } = await twoSites()
    const one = await guestBy(world, (await shareIn(world)).secret)
    const all = await guestBy(world, (await shareIn(world, { printerId: undefined })).secret)
    expect(await seenBy(world, one.principal)).toEqual([printerId])
    expect(await seenBy(world, all.principal)).toEqual([printerId, secondPrinter])
    await expect(world.relay.printerView(one.principal, secondPrinter)).rejects.toMatchObject({
      code: 'not_found',
    })
    for (const { principal } of [one, all])
      await expect(world.relay.printerView(principal, foreignPrinter)).rejects.toMatchObject({
        code: 'not_found',
      })
  })

  it('shows nothing of a printer that moved away or was removed', async () => {
    const { world } = await twoSites()
    const one = await guestBy(world, (await shareIn(world)).secret)
    const all = await guestBy(world, (await shareIn(world, { printerId: undefined })).secret)
    const key = { pk: `P#${printerId}`, sk: 'PRINTER' }
    await world.ports.directory.update(key, { set: [['site', 'site-9']] })
    expect(await seenBy(world, one.principal)).toEqual([])
    expect(await seenBy(world, all.principal)).toEqual([secondPrinter])
    await world.ports.directory.delete(key)
    expect(await seenBy(world, one.principal)).toEqual([])
    expect(await seenBy(world, all.principal)).toEqual([secondPrinter])
  })

  it('outlives the role of who made it', async () => {
    const { world, relay } = await twoSites()
    await relay.grantOnSite(siteId, 'user:second', 'owner')
    const share = await relay.makeShare(personOf('user:second'), siteId, shareWish())
    const { principal } = await guestBy(world, share.secret)
    await relay.revokeOnSite(siteId, 'user:second')
    expect(await seenBy(world, principal)).toEqual([printerId])
  })
})

describe('the list of a site’s links', () => {
  it('has each link with the guests who watch now', async () => {
    const { world } = await twoSites()
    await world.said(await world.agent('agent-1', startOfTime), helloOf(1))
    const one = await shareIn(world, { name: 'One' })
    const day = 24 * 60 * 60 * 1000
    const all = await shareIn(world, {
      ...{ name: 'All', printerId: undefined, view: 'full', lifetime: day },
    })
    const first = await guestConnected(world, all.secret, 'guest-1')
    await world.said(first, subscribeOf(1))
    await world.said(first, subscribeOf(2, secondPrinter))
    const again = await world.viewer('guest-1b', first.principal)
    await world.said(again, subscribeOf(1))
    await world.said(await guestConnected(world, all.secret, 'guest-2'), subscribeOf(1))
    const gone = await guestConnected(world, one.secret, 'guest-3')
    await world.said(gone, subscribeOf(1))
    await world.said(gone, unsubscribeOf(2))
    await world.said(await world.viewer('viewer-1'), subscribeOf(1))
    const shares = await sharesOfSite(world.ports, siteId)
    expect(shares).toEqual([
      {
        ...{ id: all.id, name: 'All', view: 'full', display: false, until: all.until },
        guests: 2,
      },
      {
        ...{ id: one.id, name: 'One', view: 'basic', display: false, until: one.until },
        ...{ printerId, guests: 0 },
      },
    ])
    for (const share of shares) expect(siteShareSchema.parse(share)).toEqual(share)
    expect(await sharesOfSite(world.ports, 'site-9')).toEqual([])
    world.clock.now += timeOuts.lease
    expect((await sharesOfSite(world.ports, siteId)).map(({ guests }) => guests)).toEqual([0, 0])
    world.clock.now += timeOuts.shareShortest
    expect((await sharesOfSite(world.ports, siteId)).map(({ name }) => name)).toEqual(['All'])
  })
})

describe('withdrawing a share link', () => {
  it('is for owners of its site', async () => {
    const { world, relay } = await twoSites()
    const share = await shareIn(world)
    await relay.grantOnSite(siteId, 'user:viewer', 'viewer')
    const revoke = (who: string, site: string) => relay.revokeShare(personOf(who), site, share.id)
    await expect(revoke('user:viewer', siteId)).rejects.toMatchObject({ code: 'not_owner' })
    await expect(revoke('user:neighbour', siteId)).rejects.toMatchObject({ code: 'not_found' })
    // An owner cannot reach into another site by naming their own.
    await expect(revoke('user:neighbour', 'site-9')).rejects.toMatchObject({ code: 'not_found' })
    await guestBy(world, share.secret)
    await revoke(owner, siteId)
    await expect(revoke(owner, siteId)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('ends its guests on every printer, with all they have open, and nobody else', async () => {
    const { world, relay } = await twoSites()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    const all = await shareIn(world, { printerId: undefined, name: 'All' })
    const other = await shareIn(world)
    const here = await guestConnected(world, all.secret, 'guest-1')
    await world.said(here, subscribeOf(1))
    const there = await guestConnected(world, all.secret, 'guest-2')
    await world.said(there, subscribeOf(1, secondPrinter))
    await guestConnected(world, all.secret, 'guest-3')
    await world.said(await guestConnected(world, other.secret, 'guest-4'), subscribeOf(1))
    await world.said(await world.viewer('viewer-1'), subscribeOf(1))
    world.clock.now += 1
    await relay.revokeShare(personOf(owner), siteId, all.id)
    for (const id of ['guest-1', 'guest-2', 'guest-3']) {
      expect(world.open.has(id)).toBe(false)
      expect(world.toViewer(id).at(-1)).toEqual({ type: 'closing', reason: 'access_revoked' })
    }
    await world.said(agent, deltaOf(2, 1))
    for (const id of ['guest-4', 'viewer-1'])
      expect(world.toViewer(id).at(-1)).toMatchObject({ kind: 'delta' })
    expect((await sharesOfSite(world.ports, siteId)).map(({ id }) => id)).toEqual([other.id])
    const [last] = (await relay.audit(owner, siteId, undefined)).entries
    expect(last).toMatchObject({ action: 'share_revoked', about: 'All' })
  })

  it('leaves the guest with nothing: no token, ticket, printer or subscription', async () => {
    const { world, relay } = await twoSites()
    const share = await shareIn(world)
    const { token, principal, session, signedAt } = await guestBy(world, share.secret)
    const caller = await world.viewer('guest-1', principal, session)
    const { ticket } = await relay.issueTicket({ principal, session, signedAt })
    await relay.revokeShare(personOf(owner), siteId, share.id)
    await expect(relay.guestOf(token)).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(guestBy(world, share.secret)).rejects.toMatchObject({ code: 'secret_not_valid' })
    expect(await seenBy(world, principal)).toEqual([])
    await expect(relay.printerView(principal, printerId)).rejects.toMatchObject({
      code: 'not_found',
    })
    // A ticket from before opens a socket at most, and it shows nothing.
    world.open.add('guest-1')
    await world.said(caller, { action: 'renew', ticket })
    await world.said(caller, subscribeOf(9))
    expect(world.toViewer('guest-1').at(-1)).toMatchObject({ code: 'not_found', rid: 9 })
  })
})
