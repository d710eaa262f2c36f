import { describe, expect, it } from 'vitest'
import { inviteAnswerSchema, inviteSchema } from '../../protocol/rest-invitations.ts'
import { limits } from '../../protocol/limits.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { createRelay } from '../../functions/relay/create-relay.ts'
import { readSite } from '../../functions/relay/people/grants.ts'
import { TableError } from '../../functions/relay/table/table-error.ts'
import { rateLimits } from '../../functions/relay/limits/rate-limits.ts'
import { explore, type Point, type Scenario } from '../model/explore.ts'
import { makeWorld, owner, printerId, siteId, type World } from '../model/world.ts'
import { grantOnPrinter } from '../support/grant-on-printer.ts'
import { personOf } from '../support/person.ts'

const boss = personOf('owner')
const vera = personOf('vera')
const viewer = { role: 'viewer' } as const
const admission = { emails: [], domains: [], group: undefined }

const rolesIn = async (world: World) => {
  const site = await readSite(world.ports, siteId)
  return { owners: Object.keys(site?.owners ?? {}), viewers: Object.keys(site?.viewers ?? {}) }
}
const invitationItems = async ({ ports }: World) =>
  (await ports.directory.query({ pk: `S#${siteId}`, prefix: 'I#' })).items

describe('an invitation', () => {
  it('shows what it is to, and lets in who accepts it, once', async () => {
    const world = await makeWorld()
    const { relay } = world
    const answer = inviteAnswerSchema.parse(await relay.invite(boss, siteId, viewer))
    expect(answer).toMatchObject({ until: world.clock.now + timeOuts.invitation })
    expect(answer).not.toHaveProperty('account')
    const view = { site: 'Home', role: 'viewer', until: answer.until, now: world.clock.now, siteId }
    expect(await relay.lookAtInvitation(vera, answer.secret)).toEqual(view)
    expect(await relay.acceptInvitation(vera, answer.secret)).toEqual(view)
    expect(await rolesIn(world)).toMatchObject({ viewers: [vera.principal] })
    const { owned } = await relay.siteView(owner, siteId)
    expect(owned?.people).toContainEqual({
      ...{ who: vera.principal, name: 'vera@example.org', role: 'viewer' },
      since: world.clock.now,
    })
    expect(owned?.invitations).toEqual([])
    for (const person of [vera, personOf('bob')])
      await expect(relay.acceptInvitation(person, answer.secret)).rejects.toMatchObject({
        code: 'secret_not_valid',
      })
    const { entries } = await relay.audit(owner, siteId, undefined)
    expect(entries.map(({ action, by, about }) => [action, by, about])).toEqual(
      expect.arrayContaining([
        ['person_invited', 'owner@example.org', 'whoever has the link: viewer'],
        ['person_joined', 'vera@example.org', 'vera@example.org: viewer'],
      ]),
    )
  })

  it('to a printer lets in to that printer alone', async () => {
    const { relay } = await makeWorld()
    const more = { siteId, printerId: 'printer-2', name: 'Other', tokenHash: 'a'.repeat(64) }
    await relay.provisionPrinter(more)
    const { secret } = await relay.invite(boss, siteId, { ...viewer, printerId })
    expect(await relay.acceptInvitation(vera, secret)).toMatchObject({
      printer: 'Voron',
      printerId,
    })
    const { printers } = await relay.listPrinters(vera.principal)
    expect(printers.map(({ id, role }) => [id, role])).toEqual([[printerId, 'viewer']])
    await expect(relay.siteView(vera.principal, siteId)).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('makes an owner of a viewer, but never a viewer of an owner', async () => {
    const world = await makeWorld()
    const { relay } = world
    await relay.grantOnSite(siteId, vera.principal, 'viewer')
    const up = await relay.invite(boss, siteId, { role: 'owner' })
    await relay.acceptInvitation(vera, up.secret)
    const down = await relay.invite(boss, siteId, viewer)
    await relay.acceptInvitation(vera, down.secret)
    expect(await rolesIn(world)).toEqual({ owners: [owner, vera.principal], viewers: [] })
    // It gave nothing, so it is still there for whom it is meant.
    expect((await relay.siteView(owner, siteId)).owned?.invitations.length).toBe(1)
  })

  it('for an address is for who signs in with it, verified', async () => {
    const { relay } = await makeWorld()
    const wish = inviteSchema.parse({ ...viewer, email: ' Vera@Example.org ' })
    const { secret, account } = await relay.invite(boss, siteId, wish)
    expect(account).toEqual({ state: 'elsewhere' })
    for (const person of [personOf('bob'), personOf('vera', { email: undefined })])
      for (const attempt of [
        relay.lookAtInvitation(person, secret),
        relay.acceptInvitation(person, secret),
      ])
        await expect(attempt).rejects.toMatchObject({
          code: 'not_admitted',
          message: expect.not.stringContaining('vera') as string,
        })
    expect(await relay.acceptInvitation(vera, secret)).toMatchObject({ role: 'viewer' })
  })

  it('is one and the same answer when unknown, withdrawn, too old, or of who is no owner any more', async () => {
    const world = await makeWorld()
    const { relay } = world
    await relay.grantOnSite(siteId, 'user:second', 'owner')
    const withdrawn = await relay.invite(boss, siteId, viewer)
    await relay.withdrawInvitation(boss, siteId, withdrawn.id)
    const orphaned = await relay.invite(personOf('second'), siteId, { role: 'owner' })
    await relay.changeRole(boss, siteId, { who: 'user:second', role: 'viewer' })
    const old = await relay.invite(boss, siteId, viewer)
    const words = []
    for (const secret of ['x'.repeat(43), withdrawn.secret, orphaned.secret]) {
      const error: unknown = await relay.acceptInvitation(vera, secret).catch((e: unknown) => e)
      words.push(error)
    }
    world.clock.now += timeOuts.invitation
    words.push(await relay.acceptInvitation(vera, old.secret).catch((error: unknown) => error))
    for (const error of words)
      expect(error).toMatchObject({
        code: 'secret_not_valid',
        message: (words[0] as Error).message,
      })
  })

  it('is made and withdrawn by owners of its own site only', async () => {
    const { relay } = await makeWorld()
    await relay.provisionSite({ siteId: 'site-2', name: 'Next door', owner: 'user:neighbour' })
    await relay.grantOnSite(siteId, vera.principal, 'viewer')
    const neighbour = personOf('neighbour')
    const refused = (who: typeof boss, code: string, site = siteId) =>
      expect(relay.invite(who, site, viewer)).rejects.toMatchObject({ code })
    await refused(vera, 'not_owner')
    await refused(neighbour, 'not_found')
    const elsewhere = relay.invite(neighbour, 'site-2', { ...viewer, printerId })
    await expect(elsewhere).rejects.toMatchObject({ code: 'not_found' })
    const { id, secret } = await relay.invite(boss, siteId, viewer)
    for (const [who, site] of [
      [neighbour, 'site-2'],
      [neighbour, siteId],
    ] as const)
      await expect(relay.withdrawInvitation(who, site, id)).rejects.toMatchObject({
        code: 'not_found',
      })
    expect(await relay.acceptInvitation(personOf('bob'), secret)).toMatchObject({ siteId })
  })

  it('keeps no secret in the store', async () => {
    const world = await makeWorld()
    const { secret, id } = await world.relay.invite(boss, siteId, viewer)
    const stored = [
      ...(await invitationItems(world)),
      ...(await world.ports.directory.query({ pk: `I#${id}` })).items,
      ...(await world.ports.directory.query({ pk: `A#${siteId}` })).items,
    ]
    expect(stored.length).toBe(3)
    expect(JSON.stringify([stored, world.logged])).not.toContain(secret)
  })
})

describe('limits', () => {
  it('refuse an invitation more than a site may have, until one is withdrawn', async () => {
    const { relay } = await makeWorld()
    const first = await relay.invite(boss, siteId, viewer)
    for (let n = 1; n < limits.invitationsPerSite; n += 1) await relay.invite(boss, siteId, viewer)
    const one = () => relay.invite(boss, siteId, viewer)
    await expect(one()).rejects.toMatchObject({ code: 'limit_reached' })
    await relay.withdrawInvitation(boss, siteId, first.id)
    expect(await one()).toMatchObject({ secret: expect.any(String) as string })
  })

  it('refuse a person more than a site or a printer may have, and keep the invitation', async () => {
    const { relay } = await makeWorld()
    const toSite = await relay.invite(boss, siteId, viewer)
    const toPrinter = await relay.invite(boss, siteId, { ...viewer, printerId })
    for (let n = 1; n < limits.viewersPerPrinter; n += 1)
      await grantOnPrinter(relay.ports, printerId, `user:${n}`)
    const full = { code: 'limit_reached' }
    await expect(relay.acceptInvitation(vera, toPrinter.secret)).rejects.toMatchObject(full)
    for (let n = 1; n < limits.peoplePerSite; n += 1)
      await relay.grantOnSite(siteId, `user:${n}`, 'viewer')
    await expect(relay.acceptInvitation(vera, toSite.secret)).rejects.toMatchObject(full)
    await relay.revokeOnSite(siteId, 'user:1')
    expect(await relay.acceptInvitation(vera, toSite.secret)).toMatchObject({ siteId })
  })

  it('hold for a site that an owner and a viewer join at the same moment', async () => {
    const world = await makeWorld()
    const { relay } = world
    const invited = await Promise.all(
      (['owner', 'viewer'] as const).map((role) => relay.invite(boss, siteId, { role })),
    )
    for (let n = 2; n < limits.peoplePerSite; n += 1)
      await relay.grantOnSite(siteId, `user:${n}`, 'viewer')
    const outcomes = await Promise.allSettled(
      invited.map(({ secret }, i) => relay.acceptInvitation(personOf(`new-${i}`), secret)),
    )
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'limit_reached' },
    })
    const { owners, viewers } = await rolesIn(world)
    expect([...owners, ...viewers]).toHaveLength(limits.peoplePerSite)
  })

  it('refuse whoever tries many secrets', async () => {
    const { relay } = await makeWorld()
    const attempt = () => relay.lookAtInvitation(vera, 'x'.repeat(43))
    for (let n = 0; n < rateLimits.redeeming.burst; n += 1)
      await expect(attempt()).rejects.toMatchObject({ code: 'secret_not_valid' })
    await expect(attempt()).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfter: rateLimits.redeeming.everyMs,
    })
  })
})

describe('the account of an invited address', () => {
  it('is made by the issuer where it is ours, and not for a link without an address', async () => {
    const world = await makeWorld()
    const asked: string[] = []
    const accounts = {
      invite: async (email: string) => {
        asked.push(email)
        return { state: 'made' as const, link: 'https://relay.example/oidc/welcome#x' }
      },
      endSignIns: async () => {},
    }
    const relay = createRelay({ ...world.ports, accounts }, { origins: [], admission })
    const wish = { ...viewer, email: 'vera@example.org' }
    expect((await relay.invite(boss, siteId, wish)).account).toMatchObject({ state: 'made' })
    await relay.invite(boss, siteId, viewer)
    await expect(relay.invite(vera, siteId, wish)).rejects.toMatchObject({ code: 'not_found' })
    expect(asked).toEqual(['vera@example.org'])
  })
})

describe('an invitation whose acceptance broke off half-way', () => {
  /** Bob took it, and the update of the list that lets him in failed. */
  const halfTaken = async (wish: { role: 'owner' | 'viewer'; printerId?: string }) => {
    const world = await makeWorld()
    const bob = personOf('bob')
    const { secret, id } = await world.relay.invite(boss, siteId, wish)
    const { directory } = world.ports
    const update = directory.update.bind(directory)
    directory.update = async (key, ...more) => {
      if (key.sk === 'SITE' || key.sk === 'PRINTER') throw new TableError('timeout', 'too late')
      return update(key, ...more)
    }
    await expect(world.relay.acceptInvitation(bob, secret)).rejects.toMatchObject({})
    directory.update = update
    return { ...world, bob, secret, id }
  }

  it.each([{ role: 'owner' }, { role: 'viewer', printerId }] as const)(
    'is still shown, and once withdrawn lets nobody in: %j',
    async (wish) => {
      const { relay, bob, secret, id } = await halfTaken(wish)
      expect((await relay.siteView(owner, siteId)).owned?.invitations).toMatchObject([{ id }])
      await relay.withdrawInvitation(boss, siteId, id)
      expect((await relay.siteView(owner, siteId)).owned?.invitations).toEqual([])
      await expect(relay.acceptInvitation(bob, secret)).rejects.toMatchObject({
        code: 'secret_not_valid',
      })
      expect(await relay.listSites(bob)).toEqual({ sites: [] })
    },
  )

  it('is completed by its taker, and shown no more', async () => {
    const { relay, bob, secret } = await halfTaken({ role: 'owner' })
    await relay.acceptInvitation(bob, secret)
    const { owned } = await relay.siteView(owner, siteId)
    expect(owned?.invitations).toEqual([])
    expect(owned?.people.map(({ who }) => who)).toContain(bob.principal)
  })
})

describe('accepting, however it interleaves and whoever dies when', () => {
  const points = (point: Point): boolean =>
    point.when === 'before' &&
    'key' in point &&
    (point.key.sk === 'INVITATION' || point.key.sk === 'SITE') &&
    (point.call === 'update' || point.key.sk === 'INVITATION' || point.call === 'put')

  const invited = async () => {
    const world = await makeWorld()
    const { secret, id } = await world.relay.invite(boss, siteId, viewer)
    return { world, secret, id }
  }
  const refusals = (run: Promise<unknown>): Promise<unknown> =>
    run.catch((error: unknown) => expect(error).toMatchObject({ code: 'secret_not_valid' }))

  it('lets in one of two', async () => {
    const runs = await explore(
      async () => {
        const { world, secret } = await invited()
        const scenario: Scenario = {
          world,
          actors: ['vera', 'bob'].map((name) => ({
            name,
            mayCrash: true,
            run: async (relay) => {
              await refusals(relay.acceptInvitation(personOf(name), secret))
            },
          })),
          check: async ({ crashed }) => {
            for (const name of crashed)
              await refusals(world.relay.acceptInvitation(personOf(name), secret))
            expect((await rolesIn(world)).viewers.length).toBe(1)
            expect(await invitationItems(world)).toEqual([])
          },
        }
        return scenario
      },
      { points },
    )
    expect(runs).toBeGreaterThan(100)
  })

  const takenBefore = ({ ports }: World, id: string) =>
    ports.directory.update(
      { pk: `I#${id}`, sk: 'INVITATION' },
      { set: [['takenBy', vera.principal]] },
    )

  it.each([
    ['begun now', false],
    ['begun before', true],
  ])('is not undone by nor undoes a withdrawal: one of them holds, %s', async (_, before) => {
    await explore(
      async () => {
        const { world, secret, id } = await invited()
        if (before) await takenBefore(world, id)
        let withdrawn = false
        return {
          world,
          actors: [
            {
              name: 'vera',
              mayCrash: true,
              run: async (relay) => {
                await refusals(relay.acceptInvitation(vera, secret))
              },
            },
            {
              name: 'withdraw',
              run: async (relay) => {
                await relay.withdrawInvitation(boss, siteId, id).then(
                  () => (withdrawn = true),
                  (error: unknown) =>
                    expect(['secret_not_valid', 'not_found']).toContain(
                      (error as { code: string }).code,
                    ),
                )
              },
            },
          ],
          check: async ({ crashed }) => {
            if (crashed.has('vera')) await refusals(world.relay.acceptInvitation(vera, secret))
            const { viewers } = await rolesIn(world)
            expect(viewers).toEqual(withdrawn ? [] : [vera.principal])
          },
        }
      },
      { points },
    )
  })

  it('brings nobody back who was taken off meanwhile', async () => {
    const all = (point: Point): boolean =>
      point.when === 'before' &&
      'key' in point &&
      (['INVITATION', 'SITE'].includes(point.key.sk ?? '') ||
        (point.call === 'query' && point.key.pk === `S#${siteId}`))
    await explore(
      async () => {
        const { world, secret, id } = await invited()
        // Taken, and not yet let in: a first try died there.
        await takenBefore(world, id)
        return {
          world,
          actors: [
            {
              name: 'vera',
              mayCrash: true,
              run: async (relay) => {
                await refusals(relay.acceptInvitation(vera, secret))
              },
            },
            { name: 'remove', run: (relay) => relay.revokeOnSite(siteId, vera.principal) },
          ],
          check: async () => {
            await refusals(world.relay.acceptInvitation(vera, secret))
            expect((await rolesIn(world)).viewers).toEqual([])
            expect(await world.relay.listSites(vera)).toEqual({ sites: [] })
          },
        }
      },
      { points: all },
    )
  })
})
