import { describe, expect, it } from 'vitest'
import { delta, jwt, scriptedRelay, watching } from './scripted-relay.ts'

const minute = 60_000

describe('renewal and hand-over', () => {
  it('renews with a fresh token before the sign-in runs out', async () => {
    const relay = scriptedRelay()
    relay.token = async () => jwt(relay.time.now() / 1000 + 3600)
    const { peer } = await watching(relay)
    peer.say({
      type: 'presence',
      printerId: 'p1',
      gen: '0000000000001#agent',
      seq: 1,
      online: false,
    })
    await relay.time.pass(57 * minute)
    expect(peer.got.some(({ action }) => action === 'renew')).toBe(false)
    await relay.time.pass(1.5 * minute)
    expect(peer.got.some(({ action }) => action === 'renew')).toBe(true)
    expect(relay.tokens.at(-1)).toBe(true)
    peer.say({ type: 'renewed', until: relay.time.now() + 60 * minute })
    peer.fresh()
    await relay.time.pass(3 * minute)
    expect(peer.fresh().some(({ action }) => action === 'renew')).toBe(false)
  })

  it('renews at once after a sleep that ate the time it had planned', async () => {
    const relay = scriptedRelay()
    relay.token = async () => jwt(relay.time.now() / 1000 + 600)
    const { peer } = await watching(relay)
    await relay.time.pass(minute)
    relay.time.sleep(8 * minute)
    await relay.time.pass(10_000)
    expect(peer.fresh().some(({ action }) => action === 'renew')).toBe(true)
    peer.say({ type: 'renewed', until: relay.time.now() + 60 * minute })
    await relay.time.pass(minute)
    expect(peer.fresh().some(({ action }) => action === 'renew')).toBe(false)
  })

  it('asks for another ticket when the one to renew with cannot be had', async () => {
    const relay = scriptedRelay()
    relay.token = async () => jwt(relay.time.now() / 1000 + 600)
    const { respond } = relay
    const { peer } = await watching(relay)
    const tickets = () => relay.asked.filter(({ path }) => path === '/v1/tickets').length
    relay.respond = (ask) => (ask.path === '/v1/tickets' ? { status: 503 } : respond(ask))
    await relay.time.pass(8 * minute - 1_000)
    const before = tickets()
    await relay.time.pass(30_000)
    expect(tickets() - before).toBe(4)
    // It gives up after 33 s and begins again 10 s later; the link goes on meanwhile.
    relay.respond = respond
    expect(peer.got.some(({ action }) => action === 'renew')).toBe(false)
    await relay.time.pass(15_000)
    expect(peer.fresh().filter(({ action }) => action === 'renew')).toHaveLength(1)
    peer.say({ type: 'renewed', until: relay.time.now() + 60 * minute })
    await relay.time.pass(minute)
    expect(peer.fresh().some(({ action }) => action === 'renew')).toBe(false)
    expect(relay.peers).toHaveLength(1)
  })

  it('renews again and again while no answer to it comes, and not on a link that ended', async () => {
    const relay = scriptedRelay()
    relay.token = async () => jwt(relay.time.now() / 1000 + 600)
    const { peer } = await watching(relay)
    await relay.time.pass(10 * minute)
    const renewals = peer.got.filter(({ action }) => action === 'renew').length
    expect(renewals).toBeGreaterThanOrEqual(9)
    expect(renewals).toBeLessThanOrEqual(13)
    relay.client.stop()
    await relay.time.pass(minute)
    expect(peer.got.filter(({ action }) => action === 'renew')).toHaveLength(renewals)
  })

  it('the 2-hour limit: a second link takes over before the first is ended', async () => {
    const relay = scriptedRelay()
    const { peer: first } = await watching(relay)
    await relay.time.pass(112 * minute)
    expect(relay.peers).toHaveLength(1)
    await relay.time.pass(0.5 * minute + 100)
    expect(relay.peers).toHaveLength(2)
    const second = relay.peer()
    second.open()
    await relay.time.pass(0)
    expect(first.closed).toBe(false)
    expect(second.got).toEqual([{ action: 'subscribe', printerId: 'p1', rid: 1 }])
    second.say({ type: 'subscribed', printerId: 'p1', rid: 1, head: 0, now: relay.time.now() })
    expect(first.closed).toBe(true)
    expect(relay.client.state().link.phase).toBe('open')
    second.say(delta(relay.time, 'p1', 77, { seq: 2 }))
    expect(relay.client.state().printers.p1?.state?.progress.completion).toBe(77)
  })

  it('tries the second link again when its ticket does not come', async () => {
    const relay = scriptedRelay()
    const { respond } = relay
    const { peer: first } = await watching(relay)
    await relay.time.pass(112 * minute)
    relay.respond = (ask) => (ask.path === '/v1/tickets' ? 'no answer' : respond(ask))
    await relay.time.pass(2 * minute)
    expect(relay.peers).toHaveLength(1)
    relay.respond = respond
    const from = relay.time.monotonic()
    while (relay.peers.length === 1) await relay.time.pass(1_000)
    expect(relay.time.monotonic() - from).toBeLessThanOrEqual(40_000)
    const second = relay.peer()
    relay.serve(second)
    second.open()
    await relay.time.pass(0)
    expect(first.closed).toBe(true)
    expect(relay.client.state().link.phase).toBe('open')
  })

  it('keeps the first link when the second cannot be had', async () => {
    const relay = scriptedRelay()
    const { peer: first } = await watching(relay)
    await relay.time.pass(112.5 * minute + 100)
    relay.peer().end()
    expect(first.closed).toBe(false)
    await relay.time.pass(31_000)
    expect(relay.peers).toHaveLength(3)
    expect(relay.client.state().link.phase).toBe('open')
  })
})
