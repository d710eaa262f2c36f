import { describe, expect, it } from 'vitest'
import { emptyState } from '../../protocol/printer-state.ts'
import { printerView, scriptedRelay, snapshot } from './scripted-relay.ts'

const badgeOf = (relay: ReturnType<typeof scriptedRelay>) => relay.client.state().printers.p1?.badge

const served = async () => {
  const relay = scriptedRelay()
  relay.client.start()
  relay.client.watch('p1')
  await relay.time.pass(0)
  relay.serve(relay.peer())
  relay.peer().open()
  await relay.time.pass(1_500)
  return relay
}

const polls = (relay: ReturnType<typeof scriptedRelay>) =>
  relay.asked.filter(({ path }) => path === '/v1/printers/p1')

describe('REST while the socket cannot be had', () => {
  it('polls with the ETag, feeds the same store and keeps trying the socket', async () => {
    const relay = await served()
    const tickets = relay.respond
    relay.respond = (ask) => {
      if (ask.path === '/v1/tickets') return { status: 503 }
      if (ask.headers['if-none-match'] === '"7"') return { status: 304 }
      const view = printerView(relay.time, 'p1', { seq: 7, k: 7 })
      return { status: 200, body: view, etag: '"7"' }
    }
    relay.peer().end()
    const before = polls(relay).length
    await relay.time.pass(30_000)
    const asked = polls(relay).slice(before)
    expect(asked.length).toBeGreaterThanOrEqual(5)
    expect(asked.length).toBeLessThanOrEqual(7)
    expect(asked.at(-1)?.headers['if-none-match']).toBe('"7"')
    expect(relay.client.state().printers.p1?.position?.seq).toBe(7)
    expect(badgeOf(relay)).toBe('polling')

    relay.respond = tickets
    const dialled = relay.peers.length
    await relay.time.pass(30_000)
    expect(relay.peers.length).toBeGreaterThan(dialled)
    const answers = polls(relay).length
    relay.serve(relay.peer(), emptyState, { seq: 8, k: 8 })
    relay.peer().open()
    await relay.time.pass(10_000)
    expect(polls(relay).length).toBeLessThanOrEqual(answers + 1)
    expect(badgeOf(relay)).toBe('real-time')
  })

  it.each([100, 104, 108, 112, 116])(
    'dials as soon as REST tells that the relay is back after %i s, whatever the backoff',
    async (seconds) => {
      const relay = await served()
      const { respond } = relay
      relay.respond = () => ({ status: 503 })
      relay.peer().end()
      await relay.time.pass(seconds * 1000)
      const dialled = relay.peers.length
      relay.respond = (ask) =>
        ask.path === '/v1/tickets'
          ? respond(ask)
          : { status: 200, body: printerView(relay.time, 'p1', { seq: 7, k: 7 }) }
      await relay.time.pass(6_500)
      expect(relay.peers.length).toBe(dialled + 1)
    },
  )

  it('does not poll for a link that is back at once, nor for a hidden page', async () => {
    const relay = await served()
    const before = polls(relay).length
    relay.peer().end()
    await relay.time.pass(600)
    relay.serve(relay.peer())
    relay.peer().open()
    await relay.time.pass(5_000)
    expect(polls(relay)).toHaveLength(before)
    relay.client.setVisible(false)
    relay.peer().end()
    await relay.time.pass(30_000)
    expect(polls(relay)).toHaveLength(before)
  })

  it('never lets REST replace what the socket already brought', async () => {
    const relay = await served()
    relay.peer().say(snapshot(relay.time, 'p1', emptyState, { seq: 50, k: 50 }))
    relay.respond = ({ path }) =>
      path === '/v1/printers'
        ? { status: 200, body: { printers: [printerView(relay.time, 'p1', { seq: 9, k: 9 })] } }
        : { status: 503 }
    await relay.client.printers()
    expect(relay.client.state().printers.p1).toMatchObject({
      name: 'Printer p1',
      position: { seq: 50 },
    })
  })
})

describe('frames that do not parse', () => {
  it('are answered with one sync for each printer: they do not say whose they were', async () => {
    const relay = await served()
    const peer = relay.peer()
    relay.client.watch('p2')
    await relay.time.pass(100)
    peer.fresh()
    const synced = () => peer.fresh().flatMap((f) => (f.action === 'sync' ? [f.printerId] : []))
    peer.say('not json')
    expect(synced()).toEqual(['p1', 'p2'])
    peer.say('not json')
    expect(synced()).toEqual([])
  })

  it('are counted, answered with one sync, and the second with REST', async () => {
    const relay = await served()
    const peer = relay.peer()
    relay.respond = ({ path }) =>
      path === '/v1/printers/p1'
        ? { status: 200, body: printerView(relay.time, 'p1') }
        : { status: 503 }
    peer.fresh()
    peer.say('{"type":"state","kind":"delta"}')
    expect(peer.fresh()).toEqual([{ action: 'sync', printerId: 'p1', rid: 1 }])
    const before = polls(relay).length
    peer.say('not json')
    await relay.time.pass(4_000)
    expect(polls(relay).length).toBeGreaterThan(before)
    expect(relay.client.state().counted.unreadable).toBe(2)
    expect(badgeOf(relay)).toBe('polling')
    expect(peer.closed).toBe(false)
  })
})

describe('the badge over time', () => {
  it('is on its way before the start, and what REST tells first is no mode yet', async () => {
    const relay = scriptedRelay()
    const { respond } = relay
    relay.respond = (ask) =>
      ask.path === '/v1/tickets'
        ? respond(ask)
        : { status: 200, body: printerView(relay.time, 'p1', { seq: 1, k: 1 }) }
    relay.client.watch('p1')
    expect(badgeOf(relay)).toBe('reconnecting')
    relay.client.start()
    const peer = await relay.opened()
    expect(relay.client.state().printers.p1?.state).toBeDefined()
    expect(badgeOf(relay)).toBe('reconnecting')
    peer.say(snapshot(relay.time, 'p1', emptyState))
    peer.say({ type: 'subscribed', printerId: 'p1', rid: 1, head: 0, now: relay.time.now() })
    expect(badgeOf(relay)).toBe('real-time')
  })

  it('says real-time at once when the first frames come: opening a page is no change', async () => {
    const relay = scriptedRelay()
    const { respond } = relay
    relay.respond = (ask) => (ask.path === '/v1/tickets' ? respond(ask) : 'no answer')
    relay.client.start()
    relay.client.watch('p1')
    const peer = await relay.opened()
    expect(badgeOf(relay)).toBe('reconnecting')
    peer.say(snapshot(relay.time, 'p1', emptyState))
    peer.say({ type: 'subscribed', printerId: 'p1', rid: 1, head: 0, now: relay.time.now() })
    expect(badgeOf(relay)).toBe('real-time')
  })

  it('says reconnecting between 1 and 3 s after the loss, and offline when it lasts', async () => {
    const relay = await served()
    // What REST answered at the start counts for a while.
    await relay.time.pass(16_000)
    relay.respond = () => 'no answer'
    expect(badgeOf(relay)).toBe('real-time')
    relay.peer().end()
    await relay.time.pass(999)
    expect(badgeOf(relay)).toBe('real-time')
    await relay.time.pass(2_001)
    expect(badgeOf(relay)).toBe('reconnecting')
    await relay.time.pass(30_000)
    expect(badgeOf(relay)).toBe('offline')
  })

  it('says offline when the agent left, and real-time when it is back', async () => {
    const relay = await served()
    const gen = '0000000000001#agent'
    relay.peer().say({ type: 'presence', printerId: 'p1', gen, seq: 1, online: false })
    await relay.time.pass(1_500)
    expect(badgeOf(relay)).toBe('offline')
    relay.peer().say(snapshot(relay.time, 'p1', emptyState, { gen: '0000000000002#agent' }))
    await relay.time.pass(1_500)
    expect(badgeOf(relay)).toBe('real-time')
  })

  it('OctoPrint hangs or the agent dies unseen: old data is never called real-time', async () => {
    const relay = await served()
    relay.serve(relay.peer(), emptyState, { relayAt: relay.time.now() })
    await relay.time.pass(58_000)
    expect(badgeOf(relay)).toBe('real-time')
    await relay.time.pass(8_000)
    expect(badgeOf(relay)).toBe('reconnecting')
  })
})
