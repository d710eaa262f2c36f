import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PostOutcome } from '../../functions/relay/ports.ts'
import type { GatewayHandlers } from '../../local/gateway/handlers.ts'
import type { Inbox } from '../local/gateway/inbox.ts'

/** A client's end of a connection. */
export interface Peer {
  readonly frames: Inbox<string>
  /** Resolves when the client is told that it is over. */
  readonly closed: Promise<unknown>
  say(text: string): void
  end(): void
}

export interface GatewayUnderTest {
  /** The connection, or the status that the handshake is refused with. */
  open(authorization: string | undefined): Promise<Peer | number>
  post(connectionId: string, text: string): Promise<PostOutcome>
  close(connectionId: string): Promise<void>
  isOpen(connectionId: string): Promise<boolean>
  /** Lets the gateway's time go on until this has come. */
  comes<T>(what: Promise<T>): Promise<T>
  stop(): Promise<void>
}

export type MakeGateway = (handlers: GatewayHandlers) => Promise<GatewayUnderTest>

interface Told {
  readonly requestContext: {
    readonly connectionId: string
    readonly connectedAt: number
    readonly authorizer?: Readonly<Record<string, string | undefined>>
    readonly disconnectStatusCode?: number
  }
  readonly body?: string
}
interface Seen extends Told {
  readonly route: string
}

class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code = 'refused'
}

/** Handlers that do as the client's token or frame says, and note each event. */
const obedient = (seen: Inbox<Seen>, post: (id: string) => Promise<PostOutcome>) => {
  const posted: PostOutcome[] = []
  const routes = {
    $connect: async (event: Told) => {
      const { connectionId, authorizer } = event.requestContext
      if (authorizer?.['principal'] === 'fails') throw new Refusal('as the token said')
      if (authorizer?.['principal'] === 'unwanted') return { statusCode: 403 }
      posted.push(await post(connectionId))
      seen.put({ ...event, route: '$connect' })
      return { statusCode: 200 }
    },
    $disconnect: async (event: Told) => seen.put({ ...event, route: '$disconnect' }),
    hello: async (event: Told) => {
      if (event.body?.includes('fail')) throw new Refusal('as the frame said')
      seen.put({ ...event, route: 'hello' })
    },
  }
  const authorizer = async (event: { methodArn: string; headers: Record<string, string> }) => {
    const who = Object.entries(event.headers).find(([name]) => /^authorization$/i.test(name))?.[1]
    if (who === undefined) throw new Refusal('Unauthorized')
    if (who === 'broken') throw new Refusal('as the token said')
    const Effect = who === 'foreign' ? 'Deny' : 'Allow'
    const Statement = [{ Action: 'execute-api:Invoke', Effect, Resource: event.methodArn }]
    const context = { principal: who, kind: 'viewer' }
    return { principalId: who, policyDocument: { Version: '2012-10-17', Statement }, context }
  }
  return { posted, handlers: { authorizer, routes } }
}

/** What every gateway owes the relay: the rules of AWS that its use cases stand on. */
export function gatewayContract(
  name: string,
  make: MakeGateway,
  newInbox: () => Inbox<Seen>,
): void {
  describe(`${name} gateway`, () => {
    let gateway: GatewayUnderTest
    let seen: Inbox<Seen>
    let posted: PostOutcome[]
    beforeEach(async () => {
      seen = newInbox()
      const made = obedient(seen, (id) => gateway.post(id, '{"type":"too early"}'))
      posted = made.posted
      gateway = await make(made.handlers)
    })
    afterEach(() => gateway.stop())

    const next = () => gateway.comes(seen.next())
    const frame = async ({ frames }: Peer) =>
      JSON.parse(await gateway.comes(frames.next())) as Record<string, unknown>
    const opened = async (who = 'somebody') => {
      const peer = await gateway.open(who)
      if (typeof peer === 'number') throw new Refusal(`the handshake was refused with ${peer}`)
      const { route, requestContext } = await next()
      expect(route).toBe('$connect')
      return { peer, ...requestContext }
    }

    it.each([
      ['no credentials', undefined, 401],
      ['a policy that denies', 'foreign', 403],
      ['an authorizer that fails', 'broken', 500],
      ['a $connect that says no', 'unwanted', 403],
      ['a $connect that fails', 'fails', 502],
    ])('refuses a handshake with %s, and tells of no end', async (_why, who, status) => {
      expect(await gateway.open(who)).toBe(status)
      // The next event is of the next connection.
      await opened()
    })

    it('gives every event the connection and what the authorizer found', async () => {
      const { peer, connectionId, connectedAt } = await opened('me')
      const one = { connectionId, connectedAt, authorizer: { principal: 'me', kind: 'viewer' } }
      peer.say('{"action":"hello","n":1}')
      const message = await next()
      expect(message).toMatchObject({ route: 'hello', body: '{"action":"hello","n":1}' })
      expect(message.requestContext).toMatchObject(one)
      peer.end()
      expect(await next()).toMatchObject({ route: '$disconnect', requestContext: one })
    })

    it('gives each connection an id of its own and a later time', async () => {
      const all = [await opened(), await opened(), await opened()]
      const times = all.map(({ connectedAt }) => connectedAt)
      expect(new Set(all.map(({ connectionId }) => connectionId)).size).toBe(3)
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
    })

    it('knows no connection before its $connect has answered', async () => {
      await opened()
      expect(posted).toEqual(['gone'])
    })

    it('delivers posts in their order', async () => {
      const { peer, connectionId } = await opened()
      for (const n of [1, 2, 3])
        expect(await gateway.comes(gateway.post(connectionId, `{"n":${n}}`))).toBe('sent')
      expect([await frame(peer), await frame(peer), await frame(peer)]).toEqual(
        [1, 2, 3].map((n) => ({ n })),
      )
    })

    it('answers a handler that fails with an error frame, and keeps the connection', async () => {
      const { peer, connectionId } = await opened()
      peer.say('{"action":"hello","do":"fail"}')
      expect(await frame(peer)).toMatchObject({ message: 'Internal server error', connectionId })
      peer.say('{"action":"hello"}')
      expect((await next()).route).toBe('hello')
    })

    it('closes what is deleted: at once gone, then told to both sides', async () => {
      const { peer, connectionId } = await opened()
      await gateway.comes(gateway.close(connectionId))
      expect(await gateway.comes(gateway.post(connectionId, '{"n":1}'))).toBe('gone')
      await gateway.comes(peer.closed)
      const end = { connectionId, disconnectStatusCode: 1000 }
      expect(await next()).toMatchObject({ route: '$disconnect', requestContext: end })
      expect(await gateway.comes(gateway.close(connectionId))).toBeUndefined()
    })

    it('forgets a connection that its client ended, and says so once', async () => {
      const { peer, connectionId } = await opened()
      expect(await gateway.comes(gateway.isOpen(connectionId))).toBe(true)
      peer.end()
      expect((await next()).requestContext.connectionId).toBe(connectionId)
      expect(await gateway.comes(gateway.isOpen(connectionId))).toBe(false)
      expect(await gateway.comes(gateway.post(connectionId, '{"n":1}'))).toBe('gone')
      await opened()
      expect(seen.rest()).toEqual([])
    })
  })
}
