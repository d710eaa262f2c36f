import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { userPrincipal } from '../../functions/relay/caller.ts'
import { connectionKey, connectionsKey } from '../../functions/relay/table/keys.ts'
import { limits } from '../../protocol/limits.ts'
import { cloudClients, hello, next, type CloudClients } from './cloud-clients.ts'
import { startCloud, type Cloud } from './cloud.ts'
import { unusedRights } from './unused-rights.ts'

const hour = 60 * 60_000
/** As the gateway makes them, or it would call it malformed. */
const idOfGhost = (n: number) => `ghost${String(n).padStart(10, '0')}=`

let cloud: Cloud
let clients: CloudClients
let owner: string
let site: string
beforeAll(async () => {
  cloud = await startCloud()
  clients = cloudClients(cloud)
  owner = await tokenOf('owner')
  const list = (await (await clients.ask('GET', '/v1/sites', owner)).json()) as {
    sites: { id: string; role: string }[]
  }
  expect(list.sites).toMatchObject([{ role: 'owner' }])
  site = `/v1/sites/${list.sites[0]?.id}`
}, 60_000)
afterAll(() => cloud?.stop())

const tokenOf = (name: string) =>
  cloud.token({ sub: name, email: `${name}@example.com`, email_verified: 'true' })
/** Does what must succeed, and gives the answer. */
const done = async (path: string, token: string | undefined, body: object = {}) => {
  const { status, json } = await clients.post(path, token, body)
  expect(status, `${path}: ${JSON.stringify(json)}`).toBe(200)
  return json
}
const pair = async (path: string, body: object = {}) => {
  const { code } = await done(path, owner, body)
  const redeemed = await done('/v1/pairing/redeem', undefined, { code, version: '0.1.0' })
  return redeemed as { printerId: string; token: string; rotates: boolean }
}

/** Rights that no deed here comes to, and what each is for. */
const seldom = [
  // Whoever is let go while a page is open: found, told and closed, as guests are by `shares`.
  'people: dynamodb:Query on live',
  'people: dynamodb:DeleteItem on live',
  'people: execute-api:ManageConnections on POST',
  'people: execute-api:ManageConnections on DELETE',
  // Whoever asked for the code lost the site while it was used: printer and connections go again.
  'pairing-redeem: dynamodb:DeleteItem on directory',
  'pairing-redeem: dynamodb:Query on live',
  'pairing-redeem: execute-api:ManageConnections on POST',
  'pairing-redeem: execute-api:ManageConnections on DELETE',
  // A person of a federated issuer, whose user name is not the `sub`.
  'sessions: cognito-idp:ListUsers on accounts',
  // A mirror is found that the truth knows nothing of.
  'sites: dynamodb:DeleteItem on directory',
]

/** The deeds of owners and guests, as far as they call AWS: what a role lacks fails here. */
describe('the bundles as synthesised', () => {
  it('let people in by invitation, change roles and names', async () => {
    const friend = await tokenOf('friend')
    const who = userPrincipal('friend')
    const wish = { role: 'viewer', email: 'friend@example.com' }
    const invitation = await done(`${site}/invitations`, owner, wish)
    expect(invitation).toMatchObject({ account: { state: 'made' } })
    const { secret } = invitation
    await done('/v1/invitations/look', friend, { secret })
    await done('/v1/invitations/accept', friend, { secret })
    await done(`${site}/people/role`, owner, { who, role: 'owner' })
    await done(`${site}/people/remove`, owner, { who })
    const { id } = await done(`${site}/invitations`, owner, { role: 'owner' })
    await done(`${site}/invitations/withdraw`, owner, { id })
    await done(`${site}/name`, owner, { name: '工房' })
    expect((await clients.post(`${site}/leave`, owner, {})).status).toBe(409)
    const view = await clients.ask('GET', site, owner)
    expect(await view.json()).toMatchObject({
      name: '工房',
      owned: { people: [{ role: 'owner' }] },
    })
  })

  it('pair a printer, show it to a guest, give it another token, and remove it', async () => {
    const { printerId, token } = await pair(`${site}/pairing`, { name: 'طابعة' })
    const printer = `/v1/printers/${printerId}`
    const agent = await clients.asAgent(token)
    agent.say(hello(1))
    await next(agent, 'welcome')

    const lifetime = hour
    const wish = { name: 'For a friend', printerId, view: 'basic', lifetime }
    const share = await done(`${site}/shares`, owner, wish)
    const guest = await done('/v1/shares/redeem', undefined, { secret: share['secret'] })
    const screen = await clients.asGuest(String(guest['token']))
    screen.say({ action: 'subscribe', printerId, rid: 1 })
    expect(await next(screen, 'state')).toMatchObject({ kind: 'snapshot' })
    await done(`${site}/shares/revoke`, owner, { id: share['id'] })
    expect(await next(screen, 'closing')).toMatchObject({ reason: 'access_revoked' })
    await screen.closed

    const other = await pair(`${printer}/pairing`)
    expect(other).toMatchObject({ printerId, rotates: true })
    const successor = await clients.asAgent(other.token)
    successor.say({ ...hello(1), instance: 'start-0002' })
    await next(successor, 'welcome')
    await agent.closed

    const viewer = await clients.asViewer(owner)
    viewer.say({ action: 'subscribe', printerId, rid: 1 })
    await next(viewer, 'subscribed')
    await done(`${printer}/name`, owner, { name: 'MK4 ⚙' })
    await done(`${printer}/remove`, owner)
    await successor.closed
    expect((await clients.ask('GET', printer, owner)).status).toBe(404)
    viewer.socket.close()
    await viewer.closed
  })

  it('withdraw the token of a printer', async () => {
    const { printerId, token } = await pair(`${site}/pairing`, { name: 'MK3' })
    const agent = await clients.asAgent(token)
    agent.say(hello(1))
    await next(agent, 'welcome')
    await done(`/v1/printers/${printerId}/tokens/revoke`, owner, { version: 1 })
    expect(await next(agent, 'closing')).toMatchObject({ reason: 'token_revoked' })
    await agent.closed
  })

  it('let somebody in whose places are taken by connections that the gateway has lost', async () => {
    const person = userPrincipal('friend')
    const until = Date.now() + hour
    const ghosts = Array.from({ length: limits.connectionsPerPrincipal }, (_, i) => idOfGhost(i))
    const { live } = cloud.operator.ports
    const [expiresAt, subs] = [Math.ceil(until / 1000), {}]
    for (const id of ghosts)
      await live.put({
        ...connectionKey(id),
        ...{ principal: person, kind: 'viewer', subs, until, expiresAt },
      })
    const conns = Object.fromEntries(ghosts.map((id) => [id, until]))
    await live.put({ ...connectionsKey(person), conns, expiresAt })
    const viewer = await clients.asViewer(await tokenOf('friend'))
    viewer.say({ action: 'ping', subs: {} })
    await next(viewer, 'pong')
    viewer.socket.close()
    await viewer.closed
  })

  it('sign out everywhere', async () => {
    const viewer = await clients.asViewer(owner)
    await done('/v1/sessions/end', owner)
    await viewer.closed
  })

  it('did all of this within the rights of their roles', () => {
    expect(cloud.refused).toEqual([])
    expect(cloud.made.length).toBeGreaterThan(100)
  })

  it('used every right of their roles, but for what seldom happens', () => {
    const driven = ['people', 'sessions', 'pairing', 'pairing-redeem', 'shares'] as const
    const rest = ['shares-redeem', 'tickets', 'sites', 'connect', 'authorizer'] as const
    expect(unusedRights(cloud, [...driven, ...rest])).toEqual([...seldom].sort())
  })
})
