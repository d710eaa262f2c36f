import { describe, expect, it } from 'vitest'
import { emptyState } from '../../protocol/printer-state.ts'
import type { RelayToViewer } from '../../protocol/relay-to-viewer.ts'
import { delta, printerView, scriptedRelay, snapshot, watching } from './scripted-relay.ts'

const minute = 60_000

describe('the way to the first frame', () => {
  it('buys a ticket, dials with it, subscribes and holds the snapshot', async () => {
    const relay = scriptedRelay()
    relay.client.start()
    relay.client.watch('p1')
    const peer = await relay.opened()
    expect(relay.asked.find(({ path }) => path === '/v1/tickets')?.headers).toEqual({
      authorization: 'Bearer opaque',
    })
    expect(peer.url).toMatch(/^wss:\/\/relay\.test\/live\?ticket=T+1$/)
    expect(peer.subprotocol).toBe('fluxrelay.v1')
    expect(peer.fresh()).toEqual([{ action: 'subscribe', printerId: 'p1', rid: 1 }])
    peer.say(snapshot(relay.time, 'p1', { ...emptyState, progress: { completion: 12 } }))
    expect(relay.client.state().printers.p1?.state?.progress).toEqual({ completion: 12 })
  })

  it('takes a new ticket for every dial and waits longer from time to time', async () => {
    const relay = scriptedRelay(() => 0.999)
    relay.client.start()
    const waits: number[] = []
    for (let dialled = 1; dialled <= 8; dialled++) {
      await relay.time.pass(0)
      expect(relay.peers).toHaveLength(dialled)
      const from = relay.time.monotonic()
      relay.peer().end()
      while (relay.peers.length === dialled) await relay.time.pass(50)
      waits.push(relay.time.monotonic() - from)
    }
    expect(new Set(relay.peers.map(({ url }) => url)).size).toBe(9)
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })

  it('resets the backoff by a message, not by an open socket', async () => {
    const relay = scriptedRelay(() => 0.999)
    relay.client.start()
    relay.client.watch('p1')
    for (let round = 0; round < 4; round++) {
      const peer = await relay.opened()
      peer.end()
      await relay.time.pass(1000 * 2 ** round)
    }
    const { peers } = relay
    const peer = await relay.opened()
    peer.say({ type: 'pong', missing: [], now: relay.time.now() })
    const before = peers.length
    peer.end()
    await relay.time.pass(1000)
    expect(peers).toHaveLength(before + 1)
  })

  it('gives a handshake ten seconds', async () => {
    const relay = scriptedRelay()
    relay.client.start()
    await relay.time.pass(9_999)
    expect(relay.peer().closed).toBe(false)
    await relay.time.pass(1)
    expect(relay.peer().closed).toBe(true)
  })
})

describe('requests without an answer', () => {
  it('subscribes again after 3, 6 and 12 s under rising rids, then redials', async () => {
    const relay = scriptedRelay()
    relay.client.start()
    relay.client.watch('p1')
    const peer = await relay.opened()
    const rids = () => peer.got.flatMap((f) => (f.action === 'subscribe' ? [f.rid] : []))
    await relay.time.pass(2_999)
    expect(rids()).toEqual([1])
    await relay.time.pass(1)
    expect(rids()).toEqual([1, 2])
    await relay.time.pass(6_000)
    expect(rids()).toEqual([1, 2, 3])
    await relay.time.pass(12_000)
    expect(rids()).toEqual([1, 2, 3, 4])
    await relay.time.pass(12_000)
    expect(peer.closed).toBe(true)
  })

  it('asks once for a sync at an unknown keyframe, repeats it, and redials', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    relay.serve(peer, emptyState, { seq: 1 })
    peer.say(delta(relay.time, 'p1', 50, { seq: 9, k: 8 }))
    peer.say(delta(relay.time, 'p1', 51, { seq: 10, k: 8 }))
    expect(peer.fresh()).toEqual([{ action: 'sync', printerId: 'p1', rid: 1 }])
    await relay.time.pass(21_000)
    expect(peer.fresh()).toHaveLength(3)
    await relay.time.pass(12_000)
    expect(peer.closed).toBe(true)
  })

  it('stops asking when the keyframe itself arrives', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    peer.say(delta(relay.time, 'p1', 50, { seq: 9, k: 8 }))
    peer.say({
      ...snapshot(relay.time, 'p1', emptyState, { seq: 8, k: 8 }),
      kind: 'keyframe',
    } as Parameters<typeof peer.say>[0])
    peer.fresh()
    await relay.time.pass(10_000)
    expect(peer.fresh()).toEqual([])
    expect(relay.client.state().printers.p1?.state?.progress.completion).toBe(50)
  })

  it('does not redial when a printer without an agent has no snapshot to send', async () => {
    const relay = scriptedRelay()
    relay.client.start()
    relay.client.watch('p1')
    const peer = await relay.opened()
    peer.say({ type: 'subscribed', printerId: 'p1', rid: 1, head: 0, now: relay.time.now() })
    await relay.time.pass(2 * minute)
    expect(peer.closed).toBe(false)
    expect(relay.client.state().printers.p1).toMatchObject({ neverSpoke: true, badge: 'offline' })
  })
})

describe('liveness', () => {
  it('pings every four minutes, naming its subscriptions', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    peer.say({
      type: 'presence',
      printerId: 'p1',
      gen: '0000000000001#agent',
      seq: 1,
      online: false,
    })
    await relay.time.pass(4 * minute - 1)
    expect(peer.fresh()).toEqual([])
    await relay.time.pass(1)
    expect(peer.fresh()).toEqual([{ action: 'ping', subs: { p1: 1 } }])
  })

  it('pings when a printer that should speak is silent, and ends a dead link after 10 s', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    const silent = relay.peers.length
    relay.serve(peer)
    await relay.time.pass(29_000)
    expect(peer.fresh()).toEqual([])
    Object.assign(peer, { say: () => {} })
    await relay.time.pass(4_000)
    expect(peer.fresh()).toEqual([{ action: 'ping', subs: { p1: 1 } }])
    await relay.time.pass(10_000)
    expect(peer.closed).toBe(true)
    await relay.time.pass(1_000)
    expect(relay.peers.length).toBe(silent + 1)
  })

  it('the laptop sleeps: the link is doubted as soon as it wakes', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    relay.time.sleep(3 * 60 * minute)
    await relay.time.pass(10_000)
    expect(peer.fresh()).toEqual([{ action: 'ping', subs: { p1: 1 } }])
  })

  it('what was young before the sleep is not real-time after it', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    await relay.time.pass(2_000)
    expect(relay.client.state().printers.p1?.badge).toBe('real-time')
    const said = peer.say.bind(peer)
    Object.assign(peer, {
      say: (frame: RelayToViewer) => {
        if (frame.type === 'pong') said(frame)
      },
    })
    relay.time.sleep(10 * minute)
    await relay.time.pass(14_000)
    expect(relay.client.state().link.phase).toBe('open')
    expect(relay.client.state().printers.p1?.badge).toBe('reconnecting')
  })

  it('a fresh state by REST makes no dead link real-time', async () => {
    const relay = scriptedRelay()
    const { peer, watch } = await watching(relay)
    watch.unwatch()
    Object.assign(peer, { say: () => {} })
    await relay.time.pass(20_000)
    relay.client.watch('p1')
    relay.respond = () => ({ status: 200, body: { printers: [printerView(relay.time, 'p1')] } })
    await relay.client.printers()
    await relay.time.pass(4_000)
    expect(relay.client.state().link.phase).toBe('open')
    expect(relay.client.state().printers.p1?.badge).toBe('reconnecting')
  })

  it('subscribes anew to what a pong calls missing', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    peer.say({ type: 'pong', missing: ['p1', 'another'], now: relay.time.now() })
    expect(peer.fresh()).toEqual([{ action: 'subscribe', printerId: 'p1', rid: 2 }])
  })

  it('a Wi-Fi change: hurry cuts the wait short', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    peer.end()
    relay.client.hurry()
    await relay.time.pass(0)
    expect(relay.peers).toHaveLength(2)
  })
})

describe('a sleep that no clock shows', () => {
  it('is noticed by the stamps of what waited, and the link is tried at once', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    peer.say(delta(relay.time, 'p1', 1, { seq: 2 }))
    await relay.time.pass(minute)
    peer.fresh()
    const asked = relay.asked.length
    // The wall clock was set back by as much as it had slept, and the monotonic one stood still.
    for (const [n, late] of [20_000, 50_000, 80_000].entries()) {
      const relayAt = relay.time.now() + late
      peer.say(delta(relay.time, 'p1', 2 + n, { seq: 3 + n, relayAt }))
    }
    expect(peer.fresh().filter(({ action }) => action === 'ping')).toHaveLength(1)
    await relay.time.pass(0)
    expect(relay.asked.length).toBe(asked + 1)
  })
})

describe('closing reasons are obeyed', () => {
  it('reconnects when the relay goes away', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    peer.say({ type: 'closing', reason: 'going_away' })
    await relay.time.pass(1_000)
    expect(relay.peers).toHaveLength(2)
  })

  it('signs in again by itself where it can, else ends and says so', async () => {
    const { SignInRequiredError } = await import('../../client/errors.ts')
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    peer.say({ type: 'closing', reason: 'session_expired' })
    const again = await relay.opened()
    expect(relay.tokens.at(-1)).toBe(true)
    relay.token = async () => {
      throw new SignInRequiredError('test')
    }
    again.say({ type: 'closing', reason: 'session_expired' })
    await relay.time.pass(2 * minute)
    expect(relay.client.state().link).toEqual({ phase: 'ended', why: 'sign_in_required' })
    expect(relay.peers).toHaveLength(2)
  })

  it('stops when the right to watch was withdrawn', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    peer.say({ type: 'closing', reason: 'access_revoked' })
    await relay.time.pass(30 * minute)
    expect(relay.peers).toHaveLength(1)
    expect(relay.client.state().link).toEqual({ phase: 'ended', why: 'access_revoked' })
    expect(relay.client.state().printers.p1?.badge).toBe('offline')
  })

  it('stops at a refusal that no further try can change', async () => {
    const relay = scriptedRelay()
    const error = { code: 'not_admitted', message: 'no', retryable: false, requestId: 'r' }
    relay.respond = () => ({ status: 403, body: { error } })
    relay.client.start()
    await relay.time.pass(5 * minute)
    expect(relay.client.state().link).toEqual({ phase: 'ended', why: 'not_admitted' })
  })
})

describe('what is wanted', () => {
  it('unsubscribes when the last watcher leaves, under a higher rid', async () => {
    const relay = scriptedRelay()
    const { peer, watch } = await watching(relay)
    const second = relay.client.watch('p1')
    watch.unwatch()
    watch.unwatch()
    expect(peer.fresh()).toEqual([])
    second.unwatch()
    expect(peer.fresh()).toEqual([{ action: 'unsubscribe', printerId: 'p1', rid: 2 }])
  })

  it('answers a frame for an unwanted printer with unsubscribe, not with a storm', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    peer.say(snapshot(relay.time, 'other', emptyState))
    peer.say(delta(relay.time, 'other', 5, { seq: 2 }))
    expect(peer.fresh()).toEqual([{ action: 'unsubscribe', printerId: 'other', rid: 2 }])
    await relay.time.pass(3_000)
    peer.say(delta(relay.time, 'other', 6, { seq: 3 }))
    expect(peer.fresh()).toEqual([{ action: 'unsubscribe', printerId: 'other', rid: 3 }])
  })

  it('a hidden tab unsubscribes after a minute and resumes with one snapshot', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    relay.client.setVisible(false)
    await relay.time.pass(59_000)
    const away = () => peer.fresh().filter(({ action }) => action !== 'ping')
    expect(away()).toEqual([])
    await relay.time.pass(1_000)
    expect(away()).toEqual([{ action: 'unsubscribe', printerId: 'p1', rid: 2 }])
    await relay.time.pass(10 * minute)
    expect(away()).toEqual([])
    relay.client.setVisible(true)
    await relay.time.pass(5_000)
    expect(away()).toEqual([{ action: 'subscribe', printerId: 'p1', rid: 3 }])
  })

  it('a late frame takes no refusal back; REST does, and the link subscribes anew', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    peer.say({
      type: 'error',
      code: 'not_found',
      message: 'no right',
      retryable: false,
      requestId: 'r',
      printerId: 'p1',
      rid: 1,
    })
    peer.say(snapshot(relay.time, 'p1', emptyState, { seq: 99, k: 99 }))
    expect(relay.client.state().printers.p1?.refused).toBe('not_found')
    peer.fresh()
    relay.respond = () => ({ status: 200, body: printerView(relay.time, 'p1') })
    relay.time.sleep(10 * minute)
    await relay.time.pass(11_000)
    expect(relay.client.state().printers.p1?.refused).toBeUndefined()
    expect(peer.fresh().filter(({ action }) => action === 'subscribe')).not.toEqual([])
  })

  it('a refused printer is said to be refused and disturbs no other', async () => {
    const relay = scriptedRelay()
    const { peer } = await watching(relay)
    relay.client.watch('p2')
    const rid = 2
    peer.say({
      type: 'error',
      code: 'not_found',
      message: 'no such printer',
      retryable: false,
      requestId: 'r',
      printerId: 'p2',
      rid,
    })
    expect(relay.client.state().printers.p2?.refused).toBe('not_found')
    expect(relay.client.state().printers.p1?.refused).toBeUndefined()
  })

  it('leaves no timer behind when an answer comes after the stop, or somebody watches', async () => {
    const relay = scriptedRelay()
    relay.respond = () => ({ status: 200, body: printerView(relay.time, 'p1') })
    relay.client.start()
    relay.client.watch('p1')
    relay.client.stop()
    await relay.time.pass(0)
    relay.client.watch('p2')
    expect(relay.client.state().printers.p1?.name).toBe('Printer p1')
    expect(relay.time.pending()).toBe(0)
  })

  it('leaves no timer behind when stopped', async () => {
    const relay = scriptedRelay()
    await watching(relay)
    relay.client.stop()
    await relay.time.pass(0)
    expect(relay.time.pending()).toBe(0)
  })
})
