import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { userPrincipal } from '../../functions/relay/caller.ts'
import { newAgentToken } from '../../functions/relay/publishing/agent-token.ts'
import { entryNames, httpRoutes } from '../../functions/routes.ts'
import { subscriptionKey } from '../../functions/relay/table/keys.ts'
import { refusalOf } from '../local/gateway/client.ts'
import { cloudClients, hello, next, protocols, state, type CloudClients } from './cloud-clients.ts'
import { startCloud, type Cloud } from './cloud.ts'
import { unusedRights } from './unused-rights.ts'

const printerId = 'prusa-mk4-home'
const siteId = 'home'
const sub = 'a-person'
const verified = { sub, email: 'friend@example.com', email_verified: 'true' }

let cloud: Cloud
let agentToken: string
let clients: CloudClients
beforeAll(async () => {
  cloud = await startCloud()
  clients = cloudClients(cloud)
  const { token, hash } = newAgentToken(printerId, (count) => new Uint8Array(count).fill(7))
  agentToken = token
  await cloud.operator.provisionSite({ siteId, name: 'Home', owner: userPrincipal(sub) })
  await cloud.operator.provisionPrinter({ siteId, printerId, name: 'MK4', tokenHash: hash })
}, 60_000)
afterAll(() => cloud?.stop())

const asAgent = (token: string) => clients.asAgent(token)
const asViewer = async () => clients.asViewer(await cloud.token(verified))
const ask = (method: string, path: string, token?: string) => clients.ask(method, path, token)

const delta = (seq: number, k: number, text: string) => ({
  ...{ action: 'publish', seq, k, patch: { status: { text } }, mode: 'watched' },
  ...{ interval: 1, agentNow: seq, ack: true },
})

/** Deeds that need no body, and change what other tests need: deeds.test.ts does them. */
const bodiless = ['/v1/sessions/end', '/v1/printers/{id}/pairing', '/v1/printers/{id}/remove']

/** Rights that nothing here comes to, and what each is for. */
const seldom = [
  // A post says that the connection is gone: its subscription goes too.
  'agent-message: dynamodb:DeleteItem on live',
  'watchdog: dynamodb:DeleteItem on live',
  // More than 250 are to be told that an agent went.
  'disconnect: lambda:InvokeFunction on broadcast',
  'watchdog: lambda:InvokeFunction on broadcast',
  // Guests show a token, which is looked up.
  'events: dynamodb:GetItem on live',
  'history: dynamodb:GetItem on live',
  'prints: dynamodb:GetItem on live',
  // A mirror is found that the truth knows nothing of.
  'printers: dynamodb:DeleteItem on directory',
  // An agent still has the token from before a rotation when its time is over: it is ended.
  'watchdog: dynamodb:GetItem on directory',
  'watchdog: execute-api:ManageConnections on DELETE',
  // The event before the one of an agent's silence may expire from now on.
  'watchdog: dynamodb:UpdateItem on directory',
]

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
    viewer.say({ action: 'renew', ticket: await clients.ticket(await cloud.token(verified)) })
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
      if (bodiless.includes(path)) continue
      const { status } = await ask(method, path.replace('{id}', printerId), token)
      const reads = method === 'GET' && access !== 'guest' && !path.startsWith('/v1/sites/')
      // Deeds lack the body, the guest's token or the site that they ask for.
      const due = reads || path === '/v1/tickets' ? [200] : [400, 401, 403, 404]
      expect(due, `${method} ${path} of ${entry}`).toContain(status)
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
    const url = `${cloud.socket}?ticket=${await clients.ticket(await cloud.token(verified))}`
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

  it('used every right of their roles, but for what seldom happens', () => {
    const live = ['agent-message', 'viewer-message', 'disconnect', 'default', 'broadcast'] as const
    const reads = ['printers', 'printer', 'events', 'history', 'prints', 'healthz'] as const
    expect(unusedRights(cloud, [...live, ...reads, 'watchdog'])).toEqual([...seldom].sort())
  })
})
