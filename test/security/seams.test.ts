import { describe, expect, it } from 'vitest'
import { limits } from '../../protocol/limits.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { HttpEvent } from '../../functions/handlers/http.ts'
import { peopleHandler } from '../../functions/handlers/people.ts'
import { sessionsHandler } from '../../functions/handlers/sessions.ts'
import { isAdmitted, verifiedEmail } from '../../functions/relay/people/admission.ts'
import { readPrinter } from '../../functions/relay/publishing/agent-token.ts'
import { siteOfPersonKey } from '../../functions/relay/table/keys.ts'
import {
  deltaOf,
  guest,
  helloOf,
  lastsLong,
  makeWorld,
  owner,
  printerId,
  siteId,
  startOfTime,
  subscribeOf,
  unsubscribeOf,
  type World,
} from '../model/world.ts'
import { addToken } from '../../functions/relay/publishing/rotate-token.ts'
import { revokeOnPrinter } from '../../functions/relay/people/revoke-people.ts'
import { personOf } from '../support/person.ts'

const boss = personOf('owner')
const vera = personOf('vera')
const bob = personOf('bob')

/** A request of whoever signed in at `at`, ms since 1970, as the gateway hands it on. */
const requestOf = (sub: string, at: number): HttpEvent => ({
  routeKey: 'POST /v1/sessions/end',
  headers: {},
  requestContext: {
    requestId: 'r',
    http: { sourceIp: '192.0.2.1' },
    authorizer: { jwt: { claims: { sub, iat: at / 1000, exp: at / 1000 + 3_600 } } },
  },
})

describe('a subscribe that is refused', () => {
  it('hides from no revocation the connection to which an earlier one still posts', async () => {
    const world = await makeWorld()
    await world.said(await world.agent('agent-1', startOfTime), helloOf(1))
    const viewer = await world.viewer('viewer-1', guest)
    const { sender, directory } = world.ports
    const whole = { ...sender }
    sender.send = async (to, text) => {
      Object.assign(sender, whole)
      const change = { remove: [['viewers', guest] as const] }
      await directory.update({ pk: `P#${printerId}`, sk: 'PRINTER' }, change)
      await world.said(viewer, subscribeOf(2))
      await revokeOnPrinter(world.ports, printerId, guest)
      world.clock.now += 5_000
      return whole.send(to, text)
    }
    await world.said(viewer, subscribeOf(1))
    expect(world.posts.filter(({ at, to }) => to === 'viewer-1' && at > startOfTime)).toEqual([])
    expect(world.open.has('viewer-1')).toBe(false)
  })
})

describe('an unsubscribe', () => {
  const entries = async ({ ports }: World) =>
    (await ports.live.query({ pk: `P#${printerId}`, prefix: 'SUB#' })).items

  it('writes nothing beside a printer that the caller has no right to', async () => {
    const world = await makeWorld()
    const stranger = await world.viewer('stranger-1', 'user:stranger')
    await world.said(stranger, unsubscribeOf(1))
    await world.said(stranger, subscribeOf(2))
    await world.said(stranger, unsubscribeOf(3))
    expect(await entries(world)).toEqual([])
  })

  it('leaves the own entry for a revocation to find, when the right is just gone', async () => {
    const world = await makeWorld()
    const viewer = await world.viewer('viewer-1', guest)
    await world.said(viewer, subscribeOf(1))
    const { directory } = world.ports
    const change = { remove: [['viewers', guest] as const] }
    await directory.update({ pk: `P#${printerId}`, sk: 'PRINTER' }, change)
    await world.said(viewer, unsubscribeOf(2))
    expect(await entries(world)).toMatchObject([{ who: guest, st: 'off' }])
    await world.relay.removePerson(boss, siteId, { who: guest })
    expect(await entries(world)).toEqual([])
    expect([...world.open]).toEqual([])
  })
})

describe('a withdrawn agent token', () => {
  it('keeps no connection, so that none holds a place that the next token needs', async () => {
    const world = await makeWorld()
    for (let n = 0; n < limits.connectionsPerPrincipal; n += 1) {
      world.clock.now += timeOuts.pendingSubscription
      await world.agent(`thief-${n}`, startOfTime + n)
    }
    await addToken(world.ports, printerId, 'b'.repeat(64))
    await world.relay.withdrawToken(boss, printerId, 1)
    expect([...world.open]).toEqual([])
    const honest = await world.agent('honest', world.clock.now, 2)
    await world.said(honest, helloOf(1))
    expect(world.toAgent('honest').at(-1)).toMatchObject({ type: 'welcome' })
  })

  it('leaves the owner that came with another', async () => {
    const world = await makeWorld()
    await world.agent('thief', startOfTime)
    await addToken(world.ports, printerId, 'b'.repeat(64))
    const honest = await world.agent('honest', startOfTime + 1, 2)
    await world.said(honest, helloOf(1))
    await world.relay.withdrawToken(boss, printerId, 1)
    expect([...world.open]).toEqual(['honest'])
    await world.said(honest, deltaOf(2, 1))
    expect(await readPrinter(world.ports, printerId)).toMatchObject({ version: 2 })
  })
})

describe('the invitations of somebody who owns the site no more', () => {
  it('take no place from those that can be seen and withdrawn', async () => {
    const { relay } = await makeWorld()
    await relay.grantOnSite(siteId, vera.principal, 'owner')
    for (let n = 0; n < limits.invitationsPerSite; n += 1)
      await relay.invite(vera, siteId, { role: 'viewer' })
    await relay.removePerson(boss, siteId, { who: vera.principal })
    await relay.invite(boss, siteId, { role: 'viewer' })
    expect((await relay.siteView(owner, siteId)).owned?.invitations).toHaveLength(1)
  })
})

describe('an invitation to a printer', () => {
  it('lets nobody in after its maker was taken off the site', async () => {
    const { relay, ports } = await makeWorld()
    await relay.grantOnSite(siteId, vera.principal, 'owner')
    const { secret } = await relay.invite(vera, siteId, { role: 'viewer', printerId })
    const { directory } = ports
    const whole = { ...directory }
    directory.update = async (key, ...write) => {
      if (key.sk !== 'PRINTER') return whole.update(key, ...write)
      Object.assign(directory, whole)
      await relay.removePerson(boss, siteId, { who: vera.principal })
      return whole.update(key, ...write)
    }
    await expect(relay.acceptInvitation(bob, secret)).rejects.toMatchObject({
      code: 'secret_not_valid',
    })
    expect((await relay.listPrinters(bob.principal)).printers).toEqual([])
  })

  it('does not come to life again with the role of who made it', async () => {
    const { relay } = await makeWorld()
    await relay.grantOnSite(siteId, vera.principal, 'owner')
    const { secret } = await relay.invite(vera, siteId, { role: 'owner' })
    await relay.removePerson(boss, siteId, { who: vera.principal })
    await relay.grantOnSite(siteId, vera.principal, 'owner')
    await expect(relay.acceptInvitation(bob, secret)).rejects.toMatchObject({
      code: 'secret_not_valid',
    })
  })
})

describe('a printer that is removed', () => {
  it('takes the links to it alone with it, also for a printer that comes under its id', async () => {
    const world = await makeWorld()
    const { relay } = world
    const share = { view: 'full', display: false, lifetime: timeOuts.shareShortest } as const
    const one = await relay.makeShare(boss, siteId, { ...share, name: 'One', printerId })
    await relay.makeShare(boss, siteId, { ...share, name: 'All' })
    const given = await relay.redeemShare('192.0.2.1', () => one.secret)
    const { principal } = await relay.guestOf(given.token)
    await world.viewer('guest-1', principal)
    await relay.removePrinter(boss, printerId)
    expect([...world.open]).toEqual([])
    expect((await relay.siteView(owner, siteId)).owned?.shares).toMatchObject([{ name: 'All' }])
    const again = { siteId, printerId, name: 'Again', tokenHash: 'a'.repeat(64) }
    await relay.provisionPrinter(again)
    expect((await relay.listPrinters(principal)).printers).toEqual([])
    await expect(relay.guestOf(given.token)).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

describe('an address in a sign-in', () => {
  it('is no other one because a letter of another script falls together with a Latin one', () => {
    // KELVIN SIGN, whose lower case is the Latin k.
    const claims = { email: '\u212aate@example.org', email_verified: true }
    expect(verifiedEmail(claims)).not.toBe('kate@example.org')
    expect(
      isAdmitted({ emails: ['kate@example.org'], domains: [], group: undefined }, claims),
    ).toBe(false)
    expect(verifiedEmail({ email: 'KATE@Example.org', email_verified: true })).toBe(
      'kate@example.org',
    )
    expect(verifiedEmail({ email: 'JÜRGEN@example.org', email_verified: true })).toBe(
      'jürgen@example.org',
    )
  })
})

describe('the name in a sign-in', () => {
  it.each(['boss@example.org', 'boss\u202egro.elpmaxe', 'boss\n', ' ', 'boss＠example.org'])(
    'passes for no address, and hides nothing: %j',
    async (name) => {
      const { relay } = await makeWorld()
      const { secret } = await relay.invite(boss, siteId, { role: 'viewer' })
      const { principal } = vera
      const claims = { sub: 'vera', iat: startOfTime / 1000, exp: lastsLong / 1000, name }
      const event = requestOf('vera', startOfTime)
      const answer = await peopleHandler(relay)({
        ...event,
        routeKey: 'POST /v1/invitations/accept',
        requestContext: { ...event.requestContext, authorizer: { jwt: { claims } } },
        body: JSON.stringify({ secret }),
      })
      expect(answer.statusCode).toBe(200)
      const people = (await relay.siteView(owner, siteId)).owned?.people
      expect(people).toContainEqual(expect.objectContaining({ who: principal, name: principal }))
    },
  )
})

describe('a left-over mirror', () => {
  it('that a new right takes over meanwhile is not dropped', async () => {
    const { relay, ports } = await makeWorld()
    const { principal } = vera
    const at = ports.now() - 10 * timeOuts.watchdog
    const { directory } = ports
    await directory.put({ ...siteOfPersonKey(principal, siteId), at })
    const whole = { ...directory }
    directory.delete = async (key, when) => {
      Object.assign(directory, whole)
      await relay.grantOnSite(siteId, principal, 'viewer')
      return whole.delete(key, when)
    }
    expect((await relay.listSites(vera)).sites).toEqual([])
    expect((await relay.listSites(vera)).sites).toMatchObject([{ id: siteId }])
  })
})

describe('signing out everywhere', () => {
  it('ends every other connection when one does not end', async () => {
    const world = await makeWorld()
    for (const id of ['a', 'b', 'c']) await world.viewer(id, vera.principal)
    const { sender } = world.ports
    const whole = { ...sender }
    sender.close = async (id) => {
      if (id === 'a') throw new TypeError('the gateway does not answer')
      await whole.close(id)
    }
    world.clock.now += 2_000
    await expect(world.relay.endSessions(vera)).rejects.toThrow('does not answer')
    expect([...world.open]).toEqual(['a'])
  })

  it('is repeated by the sign-in that asked for it until it is answered, and no longer', async () => {
    const world = await makeWorld()
    const { relay, ports } = world
    const again = () => sessionsHandler(relay)(requestOf('vera', startOfTime))
    await world.viewer('a', vera.principal)
    const whole = { ...ports.sender }
    ports.sender.close = async () => {
      throw new TypeError('the gateway does not answer')
    }
    world.clock.now += 2_000
    expect(await again()).toMatchObject({ statusCode: 500 })
    Object.assign(ports.sender, whole)
    await expect(relay.checkSession(vera)).rejects.toMatchObject({ code: 'unauthenticated' })
    world.clock.now += 2_000
    expect(await again()).toMatchObject({ statusCode: 200 })
    expect([...world.open]).toEqual([])
    await world.viewer('b', vera.principal)
    expect(await again()).toMatchObject({ statusCode: 401 })
    expect([...world.open]).toEqual(['b'])
  })
})

describe('leaving a printer', () => {
  it('ends what an earlier try left open', async () => {
    const world = await makeWorld()
    const { secret } = await world.relay.invite(boss, siteId, { role: 'viewer', printerId })
    await world.relay.acceptInvitation(vera, secret)
    const viewer = await world.viewer('viewer-1', vera.principal)
    await world.said(viewer, subscribeOf(1))
    const { sender } = world.ports
    const whole = { ...sender }
    sender.close = async () => {
      throw new TypeError('the gateway does not answer')
    }
    await expect(world.relay.leavePrinter(vera, printerId)).rejects.toThrow('does not answer')
    Object.assign(sender, whole)
    await expect(world.relay.leavePrinter(vera, printerId)).rejects.toMatchObject({
      code: 'not_found',
    })
    expect([...world.open]).toEqual([])
  })
})
