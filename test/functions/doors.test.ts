import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorBodySchema } from '../../protocol/error-frame.ts'
import { limits } from '../../protocol/limits.ts'
import { messageHandler } from '../../functions/handlers/message.ts'
import { connectHandler } from '../../functions/handlers/connect.ts'
import { disconnectHandler } from '../../functions/handlers/disconnect.ts'
import { authorizerHandler } from '../../functions/handlers/authorizer.ts'
import { broadcastHandler } from '../../functions/handlers/broadcast.ts'
import { printerHandler } from '../../functions/handlers/printer.ts'
import { printersHandler } from '../../functions/handlers/printers.ts'
import { ticketsHandler } from '../../functions/handlers/tickets.ts'
import { healthzHandler } from '../../functions/handlers/healthz.ts'
import type { Caller } from '../../functions/relay/caller.ts'
import { TableError } from '../../functions/relay/table/table-error.ts'
import { storedState } from '../model/watcher.ts'
import {
  deltaOf,
  guest,
  helloOf,
  keyframeOf,
  makeWorld,
  owner,
  printerId,
  startOfTime,
  subscribeOf,
  unsubscribeOf,
  type World,
} from '../model/world.ts'
import { watcherOf } from '../support/watcher.ts'

const rooms = async () => {
  const world = await makeWorld()
  const agent = await world.agent('agent-1', startOfTime)
  await world.said(agent, helloOf(1))
  const viewer = await world.viewer('viewer-1')
  await world.said(viewer, subscribeOf(1))
  return { world, agent, viewer }
}

const errorTo = async (world: World, caller: Caller, text: string) => {
  const before = world.posts.length
  await world.relay.said(caller, text)
  const [answer] = world.posts.slice(before).filter(({ to }) => to === caller.connectionId)
  return answer && (JSON.parse(answer.text) as { type: string; code?: string })
}

const forged = { src: 'relay', m: 1, age: 0, body: { type: 'printer_connected' } }

const refused: [string, 'agent' | 'viewer', string | object, string][] = [
  ['no JSON', 'viewer', 'hello?', 'bad_json'],
  ['an empty frame', 'agent', '', 'bad_json'],
  ['a frame without action', 'viewer', {}, 'bad_frame'],
  ['an unknown action', 'viewer', { action: 'print' }, 'unknown_action'],
  ['an action of a prototype', 'agent', { action: 'constructor' }, 'unknown_action'],
  ['a viewer’s frame of an agent', 'agent', subscribeOf(1), 'wrong_role'],
  ['an agent’s frame of a viewer', 'viewer', helloOf(2), 'wrong_role'],
  ['a frame above 32 KB', 'viewer', `"${'x'.repeat(limits.frameBytes)}"`, 'frame_too_large'],
  ['a delta without its keyframe', 'agent', { ...deltaOf(2, 1), k: undefined }, 'bad_frame'],
  ['both keyframe and delta', 'agent', { ...deltaOf(2, 1), full: keyframeOf(2).full }, 'bad_frame'],
  ['an event in the relay’s name', 'agent', { ...deltaOf(2, 1), events: [forged] }, 'bad_frame'],
  ['a deep nest', 'viewer', '['.repeat(16_000) + ']'.repeat(16_000), 'bad_frame'],
  ['a printer that is not there', 'viewer', subscribeOf(2, 'printer-2'), 'not_found'],
  [
    'a ticket nobody gave',
    'viewer',
    { action: 'renew', ticket: 'x'.repeat(43) },
    'unauthenticated',
  ],
]

describe('a frame that is refused', () => {
  it.each(refused)('%s of a connection of kind %s gets its code', async (_, kind, frame, code) => {
    const { world, agent, viewer } = await rooms()
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame)
    const answer = await errorTo(world, kind === 'agent' ? agent : viewer, text)
    expect(answer).toMatchObject({ type: 'error', code, retryable: false })
    expect(answer).toHaveProperty('requestId', kind === 'agent' ? 'of-agent-1' : 'of-viewer-1')
    expect(answer).toHaveProperty('message')
  })

  it('is too large a state', async () => {
    const { world, agent } = await rooms()
    // Written as \u0001 in JSON: six bytes each.
    const [long, path] = ['\u0001'.repeat(512), '\u0001'.repeat(1024)]
    const job = { path, name: long, display: long }
    const error = long
    const state = { ...keyframeOf(2).full, job, status: { error }, connection: { detail: error } }
    const answer = await errorTo(world, agent, JSON.stringify({ ...keyframeOf(2), full: state }))
    expect(answer).toMatchObject({ type: 'error', code: 'frame_too_large' })
    expect((await storedState(world)).seq).toBe(1)
  })

  it.each(['hello', 'subscribe', 'unsubscribe', 'ping'])(
    'is a %s of a connection that the relay does not know',
    async (action) => {
      const { world, agent, viewer } = await rooms()
      const frames = {
        hello: helloOf(2),
        subscribe: subscribeOf(2),
        unsubscribe: unsubscribeOf(2),
        ping: { action: 'ping', subs: {} },
      }
      const caller = action === 'hello' ? agent : viewer
      const stranger = { ...caller, connectionId: 'stranger' }
      world.open.add('stranger')
      const answer = await errorTo(world, stranger, JSON.stringify(frames[action as 'ping']))
      expect(answer).toMatchObject({ type: 'error', code: 'unknown_connection' })
    },
  )

  it('is any of a session that ran out, until it is renewed', async () => {
    const { world } = await rooms()
    const viewer = await world.viewer('viewer-2', owner, world.clock.now + 60_000)
    await world.said(viewer, subscribeOf(1))
    world.clock.now += 60_000
    const answer = await errorTo(world, viewer, JSON.stringify(subscribeOf(2)))
    expect(answer).toMatchObject({ code: 'session_expired' })
    const { ticket } = await world.relay.issueTicket(watcherOf(owner, world.clock.now + 3_600_000))
    const renewed = await errorTo(world, viewer, JSON.stringify({ action: 'renew', ticket }))
    expect(renewed).toEqual({ type: 'renewed', until: world.clock.now + 3_600_000 })
    await world.said(viewer, subscribeOf(3))
    expect(world.toViewer('viewer-2').at(-1)).toMatchObject({ type: 'subscribed', rid: 3 })
  })

  it('is a renewal with the ticket of somebody else, which lengthens nothing', async () => {
    const { world } = await rooms()
    const until = world.clock.now + 60_000
    const viewer = await world.viewer('viewer-2', owner, until)
    await world.said(viewer, subscribeOf(1))
    const { ticket } = await world.relay.issueTicket(watcherOf(guest, world.clock.now + 3_600_000))
    const answer = await errorTo(world, viewer, JSON.stringify({ action: 'renew', ticket }))
    expect(answer).toMatchObject({ type: 'error', code: 'unauthenticated' })
    world.clock.now = until
    expect(
      await errorTo(world, viewer, JSON.stringify({ action: 'ping', subs: {} })),
    ).toMatchObject({ code: 'session_expired' })
  })

  it('is the sixty-fifth subscription', async () => {
    const { world, viewer } = await rooms()
    await world.relay.provisionSite({ siteId: 'many', name: 'Farm', owner })
    for (let i = 0; i < limits.subscriptions; i++) {
      const id = `farm-${i}`
      await world.relay.provisionPrinter({
        ...{ siteId: 'many', printerId: id, name: id, tokenHash: 'c'.repeat(64) },
      })
      await world.said(viewer, subscribeOf(2 + i, id))
    }
    expect(world.toViewer('viewer-1').at(-1)).toMatchObject({ code: 'too_many_subscriptions' })
    await world.said(viewer, unsubscribeOf(100))
    await world.said(viewer, subscribeOf(101, 'farm-63'))
    expect(world.toViewer('viewer-1').at(-1)).toMatchObject({ type: 'subscribed', rid: 101 })
  })

  it('is one that it may not see, which takes none of its places', async () => {
    const { world, viewer } = await rooms()
    await world.said(viewer, unsubscribeOf(2))
    for (let i = 0; i < limits.subscriptions; i++)
      await world.said(viewer, subscribeOf(3 + i, `not-there-${i}`))
    await world.said(viewer, subscribeOf(100))
    expect(world.toViewer('viewer-1').at(-1)).toMatchObject({ type: 'subscribed', rid: 100 })
  })

  it('is one that the store could not take: told as unavailable, to be tried again', async () => {
    const { world, viewer } = await rooms()
    world.ports.live.get = async () => {
      throw new TableError('throttled', 'secret table name')
    }
    const answer = await errorTo(world, viewer, JSON.stringify(subscribeOf(2)))
    expect(answer).toMatchObject({ code: 'unavailable', retryable: true })
    expect(JSON.stringify(answer)).not.toContain('secret')
  })
})

const strange = fc.oneof(
  fc.json({ maxDepth: 6 }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '{"__proto__":{"action":"hello"}}',
    '{"action":"ping","subs":{"__proto__":1}}',
    '{"action":"ping","subs":{"constructor":1}}',
    '{"action":"subscribe","printerId":"__proto__","rid":1}',
    '{"action":"subscribe","printerId":"constructor","rid":9007199254740991}',
    '{"action":"subscribe","printerId":"p","rid":1e400}',
    '{"action":"publish","seq":1e308}',
    '{"action":"sync","printerId":"\\ud800","rid":1}',
    '\ud800',
    'null',
    '1e999',
    '[]',
  ),
)

/** A good frame with something odd in the place of one of its values. */
const bent = fc
  .tuple(
    fc.constantFrom<object>(
      ...[helloOf(2), keyframeOf(3), deltaOf(4, 1), subscribeOf(2), unsubscribeOf(3)],
      ...[
        { action: 'ping', subs: { [printerId]: 1 } },
        { action: 'sync', printerId, rid: 1 },
      ],
    ),
    fc.nat(8),
    fc.anything({ maxDepth: 2, withBigInt: false }),
  )
  .map(([frame, at, value]) => {
    const names = Object.keys(frame)
    const name = names[at % names.length] ?? 'action'
    return JSON.stringify({ ...frame, [name]: value })
  })

describe('bad input from anyone', () => {
  it('gets an error with a code, and nobody else notices', async () => {
    const { world, agent, viewer } = await rooms()
    const other = await world.viewer('viewer-2')
    await world.said(other, subscribeOf(1))
    await fc.assert(
      fc.asyncProperty(fc.oneof(strange, bent), fc.boolean(), async (text, ofAgent) => {
        const caller = ofAgent ? agent : viewer
        const answer = await errorTo(world, caller, text)
        if (answer?.type === 'error') expect(answer.code).toMatch(/^[a-z_]+$/)
      }),
      { numRuns: 600, seed: 1 },
    )
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([])
    expect(world.open.has('viewer-1')).toBe(true)
    const { seq } = await storedState(world)
    await world.said(agent, keyframeOf(seq + 1))
    expect(world.toViewer('viewer-2').at(-1)).toMatchObject({ kind: 'keyframe', seq: seq + 1 })
  })

  it('never makes a handler throw, whatever event it is given', async () => {
    const { world } = await rooms()
    const { relay } = world
    const sockets = [messageHandler(relay), connectHandler(relay), disconnectHandler(relay)]
    const https = [printerHandler(relay), printersHandler(relay), ticketsHandler(relay)]
    const event = fc.oneof(
      fc.anything({ maxDepth: 4 }),
      fc.record({
        requestContext: fc.anything({ maxDepth: 4 }),
        headers: fc.anything(),
        body: fc.anything(),
      }),
    )
    await fc.assert(
      fc.asyncProperty(event, async (given) => {
        for (const handler of [...sockets, ...https]) {
          const answer = await handler(given as never)
          expect(answer.statusCode).toBeGreaterThanOrEqual(400)
          expect(errorBodySchema.safeParse(JSON.parse(answer.body)).success).toBe(true)
        }
        await broadcastHandler(relay)(given)
        const thrown = await authorizerHandler(relay)(given as never).catch(
          (error: unknown) => error,
        )
        expect(thrown).toBeInstanceOf(Error)
        await healthzHandler(relay)(given as never)
      }),
      { numRuns: 300, seed: 2 },
    )
  })
})
