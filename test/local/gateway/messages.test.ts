import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { MessageEvent } from '../../../local/gateway/events.ts'
import type { Invocation } from '../../../local/gateway/invoke.ts'
import { gatewayLimits } from '../../../local/gateway/limits.ts'
import { selectRoute } from '../../../local/gateway/select-route.ts'
import { Inbox } from './inbox.ts'
import { ManualClock } from './manual-clock.ts'
import { parsed, recordingRoutes } from './rig.ts'
import { useRigs } from './rigs.ts'

const { start, startRecording } = useRigs()

describe('route selection', () => {
  it('goes by $request.body.action', async () => {
    const rig = await startRecording()
    const client = await rig.open()
    client.say({ action: 'hello' })
    expect((await rig.messages.next()).requestContext.routeKey).toBe('hello')
  })

  it.each([
    ['not JSON', 'hello'],
    ['an empty message', ''],
    ['no action', '{}'],
    ['an unknown action', '{"action":"unknown"}'],
    ['an action that is no text', '{"action":["hello"]}'],
    ['a list', '["hello"]'],
    ['null', 'null'],
    ['the name of an object method', '{"action":"constructor"}'],
    ['a prototype', '{"action":"__proto__"}'],
    ['an inherited action', '{"__proto__":{"action":"hello"}}'],
    ["the gateway's own $connect", '{"action":"$connect"}'],
    ["the gateway's own $disconnect", '{"action":"$disconnect"}'],
  ])('sends %s to $default', async (_what, text) => {
    const rig = await startRecording()
    const client = await rig.open()
    client.say(text)
    const event = await rig.messages.next()
    expect(event.requestContext.routeKey).toBe('$default')
    expect(event.body).toBe(text)
  })

  it('answers a Forbidden frame when nothing matches and there is no $default', async () => {
    const { routes, connects } = recordingRoutes()
    const { $connect, hello } = routes
    const rig = await start({ handlers: { routes: { $connect, hello } } })
    const client = await rig.open()
    client.say('hello?')
    const { connectionId } = (await connects.next()).requestContext
    expect(parsed(await client.frames.next())).toEqual({
      message: 'Forbidden',
      connectionId,
      requestId: expect.stringMatching(/=$/) as string,
    })
  })

  it('never names a route that is not there, whatever is sent', () => {
    const routes = { hello: 1, $connect: 1 }
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect([undefined, 'hello']).toContain(selectRoute(text, routes))
      }),
    )
  })
})

describe('handlers', () => {
  it('answers an Internal server error frame when one throws, at once or later', async () => {
    const rig = await start({
      handlers: {
        routes: {
          later: () => Promise.reject(new TypeError('no')),
          atOnce: () => {
            throw new TypeError('no')
          },
        },
      },
    })
    const client = await rig.open()
    for (const action of ['later', 'atOnce']) {
      client.say({ action })
      expect(parsed(await client.frames.next()).message).toBe('Internal server error')
    }
    expect(client.socket.readyState).toBe(client.socket.OPEN)
    expect(rig.gateway.stats.handlerFailures).toBe(2)
  })

  it.each([
    ['Internal server error', 'its own time-out of 8 s', gatewayLimits, 8_000],
    ['Endpoint request timed out', '29 s', { ...gatewayLimits, handlerMs: 60_000 }, 29_000],
  ])('answers an %s frame after %s', async (message, _when, limits, ms) => {
    const clock = new ManualClock()
    const called = new Inbox<MessageEvent>()
    const slow = (event: MessageEvent) => {
      called.put(event)
      return new Promise(() => undefined)
    }
    const handlers = { routes: { slow } }
    const rig = await start({ timers: clock, now: clock.now, limits, handlers })
    const client = await rig.open()
    client.say({ action: 'slow' })
    await called.next()
    clock.advance(ms - 1)
    expect(client.frames.rest()).toEqual([])
    clock.advance(1)
    expect(parsed(await client.frames.next()).message).toBe(message)
    expect(rig.gateway.stats.handlerFailures).toBe(1)
  })

  it('drops what a handler returns', async () => {
    const rig = await start({
      handlers: {
        routes: {
          answer: async () => ({ statusCode: 200, body: 'for nobody' }),
          fail: () => Promise.reject(new TypeError('no')),
        },
      },
    })
    const client = await rig.open()
    client.say({ action: 'answer' })
    client.say({ action: 'fail' })
    expect(parsed(await client.frames.next()).message).toBe('Internal server error')
    expect(client.frames.rest()).toEqual([])
  })

  it("runs a connection's messages concurrently: the second may finish first", async () => {
    const bodies = new Inbox<string>()
    let letFirstGo = () => {}
    const first = new Promise<void>((resolve) => (letFirstGo = resolve))
    const $default = async ({ body }: MessageEvent) => {
      if (body === '1') await first
      bodies.put(body)
      if (body === '2') letFirstGo()
    }
    const rig = await start({ handlers: { routes: { $default } } })
    const client = await rig.open()
    client.say('1')
    client.say('2')
    expect(await bodies.take(2)).toEqual(['2', '1'])
  })

  it('reports each call to the observer', async () => {
    const seen = new Inbox<Invocation>()
    const { routes } = recordingRoutes()
    const rig = await start({
      observe: (finished) => seen.put(finished),
      handlers: { routes: { ...routes, bad: () => Promise.reject(new TypeError('why')) } },
    })
    const client = await rig.open()
    client.say({ action: 'bad' })
    expect(await seen.next()).toMatchObject({ route: '$connect', outcome: 'answered' })
    const bad = await seen.next()
    expect(bad).toMatchObject({ route: 'bad', outcome: 'threw' })
    expect(bad.error).toBeInstanceOf(TypeError)
  })
})
