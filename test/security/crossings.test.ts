import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { userPrincipal } from '../../functions/relay/caller.ts'
import { sha256 } from '../../functions/relay/hash.ts'
import { ticketKey } from '../../functions/relay/table/keys.ts'
import { openClient, refusalOf, type Client } from '../local/gateway/client.ts'
import { startTestRelay, type TestRelay } from '../support/relay.ts'
import { watcherOf } from '../support/watcher.ts'
import { personOf, tokenMaker, type TokenMaker } from './people.ts'
import { connected, nextOf, socketUrl, ticketOf } from './sockets.ts'
import { ask, makeTenant, type Role, type Tenant } from './tenant.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** Design §5: no frame comes later than this after a revocation answered, ms. */
const graceMs = 5_000
const protocols = ['fluxrelay.v1']
const hour = 3_600_000

let relay: TestRelay
let token: TokenMaker
let theirs: Tenant
beforeAll(async () => {
  relay = await startTestRelay({ agent: false })
  token = await tokenMaker(relay)
  theirs = await makeTenant(relay.relay)
})
afterAll(() => relay.remove())

const sections = (name: string) => ({
  connection: { octoprint: 'ok' },
  status: { text: 'Printing', printing: true },
  temperature: { 'tool0.actual': 200 },
  job: { name, path: `folder/${name}`, user: 'somebody' },
  progress: { completion: 10 },
})
const common = { mode: 'watched', interval: 30_000, agentNow: 1 }

/** The tenant's agent, on its socket and owner of its printer; `publish` sends one more state. */
const agentOf = async (tenant: Tenant, name = 'benchy.gcode') => {
  const client = await connected(relay, 'agent', tenant, theirs)
  let seq = 1
  client.say({
    ...{ action: 'hello', instance: `instance-${tenant.printerId.slice(1, 9)}`, fresh: true },
    ...{ seq, version: '0', agentNow: 1, interval: 30_000, state: sections(name) },
  })
  await nextOf(client, ['welcome'])
  const publish = async () => {
    seq += 1
    client.say({ action: 'publish', seq, full: sections(name), ...common, ack: true })
    return nextOf(client, ['ack', 'closing', 'error', 'resync'])
  }
  return { client, publish }
}

const watcher = async (role: Role, tenant: Tenant): Promise<Client> => {
  const client = await connected(relay, role, tenant, theirs)
  client.say({ action: 'subscribe', printerId: tenant.printerId, rid: 1 })
  await nextOf(client, ['subscribed'])
  return client
}

const owner = ({ subs }: Tenant) => personOf(subs.owner)

describe('revoking on a running relay stops frames within 5 s', () => {
  const revocations = {
    'a role on the site': {
      role: 'viewer',
      revoke: (t: Tenant) =>
        relay.relay.removePerson(owner(t), t.siteId, { who: userPrincipal(t.subs.viewer) }),
      reason: 'access_revoked',
    },
    'the right to one printer': {
      role: 'single',
      revoke: (t: Tenant) =>
        relay.relay.removePerson(owner(t), t.siteId, {
          who: userPrincipal(t.subs.single),
          printerId: t.printerId,
        }),
      reason: 'access_revoked',
    },
    'a share link': {
      role: 'guest',
      revoke: (t: Tenant) => relay.relay.revokeShare(owner(t), t.siteId, t.shares.full.id),
      reason: 'access_revoked',
    },
    'a share link of the whole site': {
      role: 'basicGuest',
      revoke: (t: Tenant) => relay.relay.revokeShare(owner(t), t.siteId, t.shares.basic.id),
      reason: 'access_revoked',
    },
    'the session of a person': {
      role: 'viewer',
      revoke: (t: Tenant) => relay.relay.endSessions(personOf(t.subs.viewer)),
      reason: 'signed_out',
    },
    'the printer itself': {
      role: 'viewer',
      revoke: (t: Tenant) => relay.relay.removePrinter(owner(t), t.printerId),
      reason: 'access_revoked',
    },
  } as const satisfies Record<string, Revocation>
  interface Revocation {
    readonly role: Role
    readonly revoke: (tenant: Tenant) => Promise<void>
    readonly reason: string
  }

  it.each(Object.entries(revocations))('%s', async (_, { role, revoke, reason }) => {
    const tenant = await makeTenant(relay.relay)
    const agent = await agentOf(tenant)
    const client = await watcher(role, tenant)
    await agent.publish()
    await nextOf(client, ['state'])
    const began = performance.now()
    await revoke(tenant)
    const { reason: told } = await nextOf(client, ['closing'])
    expect(told).toBe(reason)
    await client.closed
    expect(performance.now() - began).toBeLessThan(graceMs)
    agent.client.socket.terminate()
    // The old ticket's sign-in opens nothing that leads back in.
    const again = await connected(relay, role, tenant, theirs).catch(() => undefined)
    again?.say({ action: 'subscribe', printerId: tenant.printerId, rid: 1 })
    const answer = again && (await nextOf(again, ['subscribed', 'error', 'closing']))
    if (role !== 'viewer' || reason !== 'signed_out')
      expect(answer?.['type']).not.toBe('subscribed')
    again?.socket.terminate()
  })

  it("an agent's token", async () => {
    const tenant = await makeTenant(relay.relay)
    const agent = await agentOf(tenant)
    const client = await watcher('viewer', tenant)
    await relay.relay.withdrawToken(owner(tenant), tenant.printerId, 1)
    const { reason } = await nextOf(agent.client, ['closing'])
    expect(reason).toBe('token_revoked')
    await agent.client.closed
    const headers = { Authorization: `Bearer ${tenant.agentToken}` }
    expect(await refusalOf(socketUrl(relay), { protocols, headers })).toBe(401)
    client.socket.terminate()
  })
})

it('a role that changes in the middle of a connection counts from the next request on', async () => {
  const tenant = await makeTenant(relay.relay)
  const second = tenant.subs.viewer
  const site = { method: 'GET', path: `/v1/sites/${tenant.siteId}/audit` }
  const credential = await token(second)
  const change = (role: 'owner' | 'viewer') =>
    relay.relay.changeRole(owner(tenant), tenant.siteId, { who: userPrincipal(second), role })
  await agentOf(tenant)
  const client = await watcher('viewer', tenant)
  await change('owner')
  expect((await ask(relay, { ...site, credential })).status).toBe(200)
  await change('viewer')
  expect((await ask(relay, { ...site, credential })).code).toBe('not_owner')
  // Whoever may still watch goes on watching.
  client.say({ action: 'ping', subs: { [tenant.printerId]: 1 } })
  expect(await nextOf(client, ['pong', 'closing'])).toMatchObject({ type: 'pong', missing: [] })
  client.socket.terminate()
})

describe('used again, or too late', () => {
  it('a ticket opens one socket', async () => {
    const tenant = await makeTenant(relay.relay)
    const ticket = await ticketOf(relay, 'viewer', tenant, theirs)
    const url = `${socketUrl(relay)}?ticket=${ticket ?? ''}`
    const opened = await openClient(url, { protocols })
    expect(await refusalOf(url, { protocols })).toBe(401)
    opened.socket.terminate()
  })

  it('a ticket that ran out opens none', async () => {
    const tenant = await makeTenant(relay.relay)
    const session = Date.now() + hour
    const { ticket } = await relay.relay.issueTicket(
      watcherOf(userPrincipal(tenant.subs.viewer), session),
    )
    const until = Date.now() - 1
    const set = [['until', until] as const]
    await relay.relay.ports.live.update(ticketKey(sha256(ticket)), { set })
    expect(await refusalOf(`${socketUrl(relay)}?ticket=${ticket}`, { protocols })).toBe(401)
  })

  it('a sign-in from before signing out everywhere opens nothing, one from after it does', async () => {
    const tenant = await makeTenant(relay.relay)
    const { viewer } = tenant.subs
    const credential = await token(viewer)
    const request = { method: 'POST', path: '/v1/tickets', credential }
    expect((await ask(relay, request)).status).toBe(200)
    await relay.relay.endSessions(personOf(viewer))
    expect((await ask(relay, request)).code).toBe('unauthenticated')
    const later = watcherOf(userPrincipal(viewer), Date.now() + 3 * hour)
    await expect(relay.relay.checkSession(later)).resolves.toBeUndefined()
  })

  it('a pairing code makes one printer', async () => {
    const tenant = await makeTenant(relay.relay)
    const { code } = await relay.relay.newPrinterCode(owner(tenant), tenant.siteId, 'MK4')
    const redeem = () =>
      relay.relay.redeemCode(`address-${tenant.siteId}`, () => ({ code: bare(code), version: '1' }))
    expect((await redeem()).printerId).not.toBe(tenant.printerId)
    await expect(redeem()).rejects.toMatchObject({ code: 'secret_not_valid' })
  })

  it('an invitation lets one person in', async () => {
    const tenant = await makeTenant(relay.relay)
    const { secret } = await relay.relay.invite(owner(tenant), tenant.siteId, { role: 'viewer' })
    const accept = async (sub: string) =>
      ask(relay, {
        method: 'POST',
        path: '/v1/invitations/accept',
        credential: await token(sub),
        body: { secret },
      })
    expect((await accept(`${tenant.siteId}-first`)).status).toBe(200)
    expect((await accept(`${tenant.siteId}-second`)).code).toBe('secret_not_valid')
  })

  it("a withdrawn link's guests get neither state nor ticket", async () => {
    const tenant = await makeTenant(relay.relay)
    await relay.relay.revokeShare(owner(tenant), tenant.siteId, tenant.shares.full.id)
    const credential = tenant.guestTokens.full
    for (const request of [
      ticketRequest(credential),
      { method: 'GET', path: `/v1/guest/printers/${tenant.printerId}`, credential },
    ])
      expect((await ask(relay, request)).code).toBe('unauthenticated')
    await expect(
      relay.relay.redeemShare(tenant.siteId, () => tenant.shares.full.secret),
    ).rejects.toMatchObject({ code: 'secret_not_valid' })
  })
})

const ticketRequest = (credential: string | undefined) => ({
  method: 'POST',
  path: '/v1/guest/tickets',
  credential,
})
const bare = (code: string): string => code.replace('-', '')

it('two tenants alike in all names get their own frames alone', async () => {
  const tenants = [await makeTenant(relay.relay), await makeTenant(relay.relay)]
  for (const [at, tenant] of tenants.entries()) {
    const other = tenants[1 - at]
    const agent = await agentOf(tenant)
    const heard: string[] = []
    const client = await watcher('viewer', tenant)
    client.socket.on('message', (data: Buffer) => heard.push(data.toString()))
    const foreign = other && (await agentOf(other))
    await foreign?.publish()
    await agent.publish()
    await nextOf(client, ['state'])
    for (const id of other?.ids ?? []) expect(heard.join()).not.toContain(id)
    agent.client.socket.terminate()
    foreign?.client.socket.terminate()
    client.socket.terminate()
  }
})
