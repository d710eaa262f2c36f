import { describe, expect, it } from 'vitest'
import { subprotocol } from '../../protocol/version.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import { authorizerHandler } from '../../functions/handlers/authorizer.ts'
import { connectHandler } from '../../functions/handlers/connect.ts'
import { disconnectHandler } from '../../functions/handlers/disconnect.ts'
import { messageHandler } from '../../functions/handlers/message.ts'
import { newAgentToken } from '../../functions/relay/publishing/agent-token.ts'
import {
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
import { watcherOf } from '../support/watcher.ts'

const arn = 'arn:aws:execute-api:eu-central-1:1:api/prod/$connect'
const shake = (world: World, headers: Record<string, string>, query?: Record<string, string>) =>
  authorizerHandler(world.relay)({
    methodArn: arn,
    headers,
    ...(query && { queryStringParameters: query }),
    requestContext: { connectionId: 'c', connectedAt: 1, requestId: 'r' },
  })

const withAgent = async () => {
  const world = await makeWorld()
  const { token, hash } = newAgentToken('printer-9', world.ports.randomBytes)
  await world.relay.provisionPrinter({ siteId, printerId: 'printer-9', name: 'P', tokenHash: hash })
  return { world, token }
}

describe('authorizer', () => {
  it.each(['authorization', 'Authorization', 'AUTHORIZATION'])(
    'takes a token from %s',
    async (name) => {
      const { world, token } = await withAgent()
      for (const value of [token, `Bearer ${token}`, `bearer ${token}`])
        expect(await shake(world, { [name]: value })).toMatchObject({
          policyDocument: { Statement: [{ Effect: 'Allow', Resource: arn }] },
          context: { principal: 'agent:printer-9', kind: 'agent', tok: '1' },
        })
    },
  )

  it('takes a ticket once, for one minute, with the end of the sign-in', async () => {
    const world = await makeWorld()
    const session = world.clock.now + 3_600_000
    const { ticket, expiresIn } = await world.relay.issueTicket(watcherOf(owner, session))
    expect(expiresIn).toBe(timeOuts.ticket)
    expect(await shake(world, {}, { Ticket: ticket })).toMatchObject({
      context: { principal: owner, kind: 'viewer', until: String(session) },
    })
    await expect(shake(world, {}, { ticket })).rejects.toThrow(/^Unauthorized$/)
    const late = await world.relay.issueTicket(watcherOf(owner, session))
    world.clock.now += timeOuts.ticket
    await expect(shake(world, {}, { ticket: late.ticket })).rejects.toThrow(/^Unauthorized$/)
  })

  it('refuses a ticket whose sign-in ended before it was used', async () => {
    const world = await makeWorld()
    const { ticket } = await world.relay.issueTicket(watcherOf(owner, world.clock.now + 30_000))
    world.clock.now += 30_000
    await expect(shake(world, {}, { ticket })).rejects.toThrow(/^Unauthorized$/)
  })

  it('gives one ticket to one of two who come at once', async () => {
    const world = await makeWorld()
    const { ticket } = await world.relay.issueTicket(watcherOf(owner, world.clock.now + 1e6))
    const both = await Promise.allSettled([
      shake(world, {}, { ticket }),
      shake(world, {}, { ticket }),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it.each([
    ['nothing at all', {}],
    ['a malformed token', { authorization: 'frp_x' }],
    ['another secret', { authorization: `frp_printer-9_${'A'.repeat(43)}` }],
    ['a printer that is not there', { authorization: `frp_printer-8_${'A'.repeat(43)}` }],
  ])('refuses %s with 401', async (_, headers) => {
    const { world } = await withAgent()
    await expect(shake(world, headers)).rejects.toThrow(/^Unauthorized$/)
  })

  it('refuses a foreign page with 403 and leaves its ticket alone', async () => {
    const world = await makeWorld()
    const { ticket } = await world.relay.issueTicket(watcherOf(owner, world.clock.now + 1e6))
    expect(await shake(world, { Origin: 'https://evil.example' }, { ticket })).toMatchObject({
      policyDocument: { Statement: [{ Effect: 'Deny' }] },
    })
    expect(await shake(world, { origin: 'https://viewer.example' }, { ticket })).toMatchObject({
      policyDocument: { Statement: [{ Effect: 'Allow' }] },
    })
  })

  it('puts no secret into context or log', async () => {
    const { world, token } = await withAgent()
    const { ticket } = await world.relay.issueTicket(watcherOf(owner, world.clock.now + 1e6))
    const answers = [
      await shake(world, { authorization: token }),
      await shake(world, {}, { ticket }),
    ]
    await shake(world, { authorization: `${token}x` }).catch(() => {})
    const all = JSON.stringify([answers, world.logged])
    expect(all).not.toContain(token)
    expect(all).not.toContain(ticket)
  })
})

describe('$connect', () => {
  const context = {
    kind: 'agent',
    principal: `agent:${printerId}`,
    until: '4000000000000',
    tok: '1',
  }
  const requestContext = { connectionId: 'c1', connectedAt: 5, requestId: 'r', authorizer: context }

  it('names the subprotocol itself, and then the connection may speak', async () => {
    const world = await makeWorld()
    const headers = { 'sec-websocket-protocol': `other, ${subprotocol}` }
    const answer = await connectHandler(world.relay)({ headers, requestContext })
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'Sec-WebSocket-Protocol': subprotocol },
    })
    world.open.add('c1')
    await messageHandler(world.relay)({ body: JSON.stringify(helloOf(1)), requestContext })
    expect(world.toAgent('c1')).toMatchObject([{ type: 'welcome' }])
    await disconnectHandler(world.relay)({ requestContext })
    expect(await world.ports.live.get({ pk: 'C#c1', sk: 'C' })).toBeUndefined()
  })

  it('gives a connection id that comes again nothing of who had it before', async () => {
    const world = await makeWorld()
    const agent = await world.agent('agent-1', startOfTime)
    await world.said(agent, helloOf(1))
    await world.said(await world.viewer('c1'), subscribeOf(1))
    await world.viewer('c1', 'user:stranger')
    const before = world.posts.length
    await world.said(agent, keyframeOf(2))
    expect(world.posts.slice(before).filter(({ to }) => to === 'c1')).toEqual([])
  })

  it('refuses without the subprotocol', async () => {
    const world = await makeWorld()
    const answer = await connectHandler(world.relay)({ headers: {}, requestContext })
    expect(answer.statusCode).toBe(400)
  })
})
