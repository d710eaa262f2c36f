import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { userPrincipal } from '../../functions/relay/caller.ts'
import { newAgentToken } from '../../functions/relay/agent-token.ts'
import { entryNames, httpRoutes } from '../../functions/routes.ts'
import { subscriptionKey } from '../../functions/relay/keys.ts'
import { subprotocol } from '../../protocol/version.ts'
import { openClient, refusalOf, type Client } from '../local/gateway/client.ts'
import { pageOrigin, startCloud, type Cloud } from './cloud.ts'

const printerId = 'prusa-mk4-home'
const siteId = 'home'
const sub = 'a-person'
const verified = { sub, email: 'friend@example.com', email_verified: 'true' }

let cloud: Cloud
let agentToken: string
beforeAll(async () => {
  cloud = await startCloud()
  const { token, hash } = newAgentToken(printerId, (count) => new Uint8Array(count).fill(7))
  agentToken = token
  await cloud.operator.provisionSite({ siteId, name: 'Home', owner: userPrincipal(sub) })
  await cloud.operator.provisionPrinter({ siteId, printerId, name: 'MK4', tokenHash: hash })
}, 60_000)
afterAll(() => cloud?.stop())

const protocols = [subprotocol]
const asAgent = (token: string) =>
  openClient(cloud.socket, { protocols, headers: { authorization: `Bearer ${token}` } })
const ask = async (method: string, path: string, token?: string): Promise<Response> =>
  fetch(`${cloud.base}${path}`, {
    method,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })
const ticket = async (): Promise<string> => {
  const answer = await ask('POST', '/v1/tickets', await cloud.token(verified))
  return ((await answer.json()) as { ticket: string }).ticket
}
const asViewer = async (origin = pageOrigin) =>
  openClient(`${cloud.socket}?ticket=${await ticket()}`, { protocols, headers: { origin } })

interface Frame extends Readonly<Record<string, unknown>> {
  readonly type: string
}
/** The next frame of a type; those before it are let go. */
const next = async ({ frames }: Client, type: string): Promise<Frame> => {
  for (;;) {
    const frame = JSON.parse(await frames.next()) as Frame
    if (frame.type === type) return frame
  }
}

const state = {
  connection: { octoprint: 'ok', printer: 'connected' },
  status: { text: 'Operational', operational: true },
  temperature: {},
  job: {},
  progress: {},
}
const hello = (seq: number, interval = 30_000) => ({
  ...{ action: 'hello', instance: 'start-0001', fresh: seq === 1, seq, version: '0.1.0' },
  ...{ agentNow: seq, interval, state },
})
const delta = (seq: number, k: number, text: string) => ({
  ...{ action: 'publish', seq, k, patch: { status: { text } }, mode: 'watched' },
  ...{ interval: 1, agentNow: seq, ack: true },
})

describe('the bundles as synthesised', () => {
  it('carry a state from an agent to a viewer', async () => {
    const agent = await asAgent(agentToken)
    agent.say(hello(1))
    expect(await next(agent, 'welcome')).toMatchObject({ seq: 1 })

    const viewer = await asViewer()
    viewer.say({ action: 'subscribe', printerId, rid: 1 })
    expect(await next(viewer, 'state')).toMatchObject({ kind: 'snapshot', full: state })
    expect(await next(viewer, 'subscribed')).toMatchObject({ rid: 1 })

    agent.say(delta(2, 1, 'Printing'))
    expect(await next(agent, 'ack')).toMatchObject({ seq: 2, viewers: 1 })
    expect(await next(viewer, 'state')).toMatchObject({ kind: 'delta', k: 1, seq: 2 })

    viewer.say({ action: 'sync', printerId, rid: 1, fresh: true })
    expect(await next(viewer, 'state')).toMatchObject({ kind: 'snapshot', seq: 2 })
    expect(await next(agent, 'demand')).toMatchObject({ viewers: 1 })

    viewer.say({ action: 'ping', subs: { [printerId]: 1 } })
    expect(await next(viewer, 'pong')).toMatchObject({ missing: [] })
    viewer.say({ action: 'renew', ticket: await ticket() })
    await next(viewer, 'renewed')

    await cloud.invoke('watchdog', {})
    expect(await next(viewer, 'event')).toMatchObject({ body: { type: 'agent_silent' } })
    expect(await next(viewer, 'presence')).toMatchObject({ online: false })

    agent.say(delta(3, 1, 'Printing'))
    await next(agent, 'resync')
    agent.say({ ...hello(4), fresh: false })
    await next(agent, 'welcome')
    expect(await next(viewer, 'state')).toMatchObject({ seq: 4, online: true })

    agent.socket.close()
    expect(await next(viewer, 'presence')).toMatchObject({ online: false })
    viewer.say({ action: 'unsubscribe', printerId, rid: 2 })
    viewer.socket.close()
    await viewer.closed
  })

  it('store events and history of an agent', async () => {
    const agent = await asAgent(agentToken)
    agent.say({ ...hello(1), instance: 'start-0001' })
    await next(agent, 'welcome')
    const event = { src: 'source-0001', m: 1, age: 1, body: { type: 'printer_connected' } }
    const history = { chunk: 0, age: 1, step: 1000, length: 1, columns: { 'tool0.actual': [200] } }
    agent.say({ ...delta(2, 1, 'Printing'), events: [event], history })
    expect(await next(agent, 'ack')).toMatchObject({ hwm: { 'source-0001': 1 } })
    agent.say({ ...delta(3, 1, 'Printing'), events: [event] })
    expect(await next(agent, 'ack')).toMatchObject({ seq: 3, hwm: { 'source-0001': 1 } })
    agent.socket.close()
    await agent.closed
  })

  it('end the connection of an agent that another start took over', async () => {
    const first = await asAgent(agentToken)
    first.say({ ...hello(1), instance: 'start-0001' })
    await next(first, 'welcome')
    const second = await asAgent(agentToken)
    second.say({ ...hello(1), instance: 'start-0002' })
    await next(second, 'welcome')
    expect(await next(first, 'closing')).toMatchObject({ reason: 'superseded' })
    await first.closed
    second.socket.close()
    await second.closed
  })

  it('serve an audience above 250 by asynchronous batches', async () => {
    const viewer = await asViewer()
    viewer.say({ action: 'subscribe', printerId, rid: 1 })
    await next(viewer, 'subscribed')
    const until = Date.now() + 60_000
    const ghosts = Array.from({ length: 251 }, (_, i) => `ghost${String(i).padStart(10, '0')}=`)
    for (const conn of ghosts)
      await cloud.operator.ports.live.put({
        ...subscriptionKey(printerId, conn),
        ...{ rid: 1, st: 'on', who: userPrincipal('ghost'), view: 'full', until },
        expiresAt: Math.ceil(until / 1000),
      })
    const agent = await asAgent(agentToken)
    agent.say({ ...hello(1), instance: 'start-0002', fresh: false })
    await next(agent, 'welcome')
    expect(await next(viewer, 'state')).toMatchObject({ kind: 'keyframe' })
    await cloud.settled()
    expect(cloud.made).toContainEqual(expect.objectContaining({ action: 'lambda:InvokeFunction' }))
    agent.socket.close()
    viewer.socket.close()
    await Promise.all([agent.closed, viewer.closed])
  })

  it('answer over HTTP those who are signed in', async () => {
    const token = await cloud.token(verified)
    const list = await ask('GET', '/v1/printers', token)
    expect(await list.json()).toMatchObject({ printers: [{ id: printerId, role: 'owner' }] })
    const one = await ask('GET', `/v1/printers/${printerId}`, token)
    expect(one.status).toBe(200)
    expect(one.headers.get('etag')).not.toBeNull()
    expect((await ask('GET', '/healthz')).status).toBe(200)
    for (const { method, path, entry, access } of httpRoutes) {
      const { status } = await ask(method, path.replace('{id}', printerId), token)
      const reads = method === 'GET' && access !== 'guest' && !path.startsWith('/v1/sites/')
      if (reads || path === '/v1/tickets')
        expect({ method, path, status }).toMatchObject({ status: 200 })
      // Without the body, the guest's token or the site that they ask for.
      else if (path !== '/v1/sessions/end')
        expect({ entry, refused: [400, 401, 404, 403].includes(status) }).toEqual({
          entry,
          refused: true,
        })
    }
  })

  it('turn away who is not signed in, lacks the scope, or is not admitted', async () => {
    expect((await ask('GET', '/v1/printers')).status).toBe(401)
    const without = await cloud.token(verified, 'openid')
    expect((await ask('GET', '/v1/printers', without)).status).toBe(403)
    const stranger = await cloud.token({ sub, email: 'x@example.com', email_verified: 'true' })
    expect((await ask('POST', '/v1/tickets', stranger)).status).toBe(403)
  })

  it('refuse sockets without a ticket or token, and from foreign pages', async () => {
    expect(await refusalOf(cloud.socket, { protocols })).toBe(401)
    const url = `${cloud.socket}?ticket=${await ticket()}`
    const headers = { origin: 'https://evil.example' }
    expect(await refusalOf(url, { protocols, headers })).toBe(403)
  })

  it('answer nonsense with an error frame', async () => {
    const viewer = await asViewer()
    viewer.say('no JSON')
    expect(await next(viewer, 'error')).toMatchObject({ code: 'bad_json' })
    viewer.say({ action: 'dance' })
    expect(await next(viewer, 'error')).toMatchObject({ code: 'unknown_action' })
    viewer.say(hello(1))
    expect(await next(viewer, 'error')).toMatchObject({ code: 'wrong_role' })
    viewer.socket.close()
    await viewer.closed
  })

  it('make the first site, let people in by invitation, change roles and sign out', async () => {
    const of = (name: string) =>
      cloud.token({ sub: name, email: `${name}@example.com`, email_verified: 'true' })
    const [owner, friend] = await Promise.all([of('owner'), of('friend')])
    const post = async (path: string, token: string, body: object) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const init = { method: 'POST', headers, body: JSON.stringify(body) }
      const answer = await fetch(`${cloud.base}${path}`, init)
      return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
    }
    const listed = (await (await ask('GET', '/v1/sites', owner)).json()) as {
      sites: { id: string; role: string }[]
    }
    expect(listed.sites).toMatchObject([{ role: 'owner' }])
    const site = `/v1/sites/${listed.sites[0]?.id}`
    const wish = { role: 'viewer', email: 'friend@example.com' }
    const { json: invitation } = await post(`${site}/invitations`, owner, wish)
    expect(invitation).toMatchObject({ account: { state: 'made' } })
    const { secret } = invitation
    expect(await post('/v1/invitations/look', friend, { secret })).toMatchObject({ status: 200 })
    expect(await post('/v1/invitations/accept', friend, { secret })).toMatchObject({ status: 200 })
    const who = userPrincipal('friend')
    const role = { who, role: 'owner' }
    expect(await post(`${site}/people/role`, owner, role)).toMatchObject({ status: 200 })
    expect(await post(`${site}/people/remove`, owner, { who })).toMatchObject({ status: 200 })
    const { json: other } = await post(`${site}/invitations`, owner, { role: 'owner' })
    const { id } = other
    expect(await post(`${site}/invitations/withdraw`, owner, { id })).toMatchObject({ status: 200 })
    expect(await post(`${site}/name`, owner, { name: '工房' })).toMatchObject({ status: 200 })
    expect(await post(`${site}/leave`, owner, {})).toMatchObject({ status: 409 })
    const view = await ask('GET', site, owner)
    expect(await view.json()).toMatchObject({
      name: '工房',
      owned: { people: [{ role: 'owner' }] },
    })
    expect(await post('/v1/sessions/end', owner, {})).toMatchObject({ status: 200 })
  })

  it('put the verified address into access tokens', async () => {
    const request = { userAttributes: { email: 'a@example.com', email_verified: 'true' } }
    expect(await cloud.invoke('token-claims', { request })).toMatchObject({
      response: {
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: {
            claimsToAddOrOverride: { email: 'a@example.com', email_verified: 'true' },
          },
        },
      },
    })
  })

  it.each(entryNames)('keep %s within 400 KB, with its source map', (entry) => {
    const { file } = cloud.synth.lambdas.find((one) => one.entry === entry) ?? { file: '' }
    expect(statSync(file).size).toBeLessThanOrEqual(400 * 1024)
    expect(statSync(`${file}.map`).size).toBeGreaterThan(0)
  })

  it('did all of this within the rights of their roles', () => {
    expect(cloud.refused).toEqual([])
    expect(cloud.made.length).toBeGreaterThan(100)
  })
})
