import { describe, expect, it } from 'vitest'
import { emptyState } from '../../protocol/printer-state.ts'
import { printerView, scriptedRelay, snapshot, type ScriptedRelay } from './scripted-relay.ts'

const polls = (relay: ScriptedRelay) =>
  relay.asked.filter(({ path }) => path === '/v1/printers/p1').length

/** Something between opens every socket at once and swallows all frames. */
const swallowing = () => {
  const relay = scriptedRelay()
  const { respond } = relay
  relay.respond = (ask) =>
    ask.path === '/v1/printers/p1'
      ? { status: 200, body: printerView(relay.time, 'p1') }
      : respond(ask)
  relay.client.start()
  relay.client.watch('p1')
  return relay
}

describe('a socket that opens and brings nothing', () => {
  it('does not keep REST from serving', async () => {
    const relay = swallowing()
    let polling = 0
    for (let second = 0; second < 600; second++) {
      await relay.time.pass(1_000)
      relay.peer().open()
      if (relay.client.state().printers.p1?.badge === 'polling') polling++
    }
    expect(polls(relay)).toBeGreaterThan(100)
    expect(polling).toBeGreaterThan(590)
    expect(relay.peers.length).toBeGreaterThan(9)
  })

  it('counts again as soon as it brings its first frame', async () => {
    const relay = swallowing()
    const peer = await relay.opened()
    await relay.time.pass(20_000)
    expect(relay.client.state().printers.p1?.badge).toBe('polling')
    const rid = peer.got.flatMap((f) => (f.action === 'subscribe' ? [f.rid] : [])).at(-1) ?? 0
    relay.serve(peer)
    peer.say(snapshot(relay.time, 'p1', emptyState))
    peer.say({ type: 'subscribed', printerId: 'p1', rid, head: 0, now: relay.time.now() })
    await relay.time.pass(2_000)
    expect(relay.client.state().printers.p1?.badge).toBe('real-time')
    const before = polls(relay)
    await relay.time.pass(25_000)
    expect(polls(relay)).toBe(before)
  })

  it('was asked for nothing yet: what is watched later is not polled for', async () => {
    const relay = scriptedRelay()
    relay.client.start()
    const peer = await relay.opened()
    await relay.time.pass(60_000)
    relay.serve(peer)
    relay.client.watch('p1')
    await relay.time.pass(10_000)
    expect(polls(relay)).toBe(1)
  })
})
