import { expect, it } from 'vitest'
import { emptyState } from '../../protocol/printer-state.ts'
import { scriptedRelay, snapshot } from './scripted-relay.ts'

const minute = 60_000
const gen = '0000000000001#agent'
const presence = (seq: number, online: boolean) =>
  ({ type: 'presence', printerId: 'p1', gen, seq, online }) as const

const opened = async () => {
  const relay = scriptedRelay()
  relay.client.start()
  relay.client.watch('p1')
  return { relay, peer: await relay.opened() }
}

it('an answer to an overtaken subscribe does not turn the newer one on', async () => {
  const { relay, peer } = await opened()
  await relay.time.pass(3_000)
  peer.say({ type: 'subscribed', printerId: 'p1', rid: 1, head: 0, now: relay.time.now() })
  peer.fresh()
  await relay.time.pass(6_000)
  expect(peer.fresh()).toEqual([{ action: 'subscribe', printerId: 'p1', rid: 3 }])
})

it('a refusal of an overtaken subscribe does not end the newer one', async () => {
  const { relay, peer } = await opened()
  await relay.time.pass(3_000)
  const about = { printerId: 'p1', rid: 1, requestId: 'r', retryable: false }
  peer.say({ type: 'error', code: 'not_found', message: 'no such printer', ...about })
  expect(relay.client.state().printers.p1?.refused).toBeUndefined()
  peer.fresh()
  await relay.time.pass(6_000)
  expect(peer.fresh()).toEqual([{ action: 'subscribe', printerId: 'p1', rid: 3 }])
  peer.say({ type: 'error', code: 'not_found', message: 'no such printer', ...about, rid: 3 })
  expect(relay.client.state().printers.p1?.refused).toBe('not_found')
})

it('a refusal that comes after its printer was left says nothing of the next watching', async () => {
  const { relay, peer } = await opened()
  relay.client.watch('p2').unwatch()
  const about = { printerId: 'p2', rid: 2, requestId: 'r', retryable: false }
  peer.say({ type: 'error', code: 'not_found', message: 'no such printer', ...about })
  relay.client.watch('p2')
  expect(relay.client.state().printers.p2?.refused).toBeUndefined()
})

it('news of an agent that newer news overtook counts for nothing', async () => {
  const { relay, peer } = await opened()
  peer.say(snapshot(relay.time, 'p1', emptyState, { seq: 3 }))
  peer.say(presence(5, true))
  peer.say(presence(4, false))
  expect(relay.client.state().printers.p1?.online).toBe(true)
})

it('a notice of the gateway is no unreadable frame: what was asked is asked again', async () => {
  const { relay, peer } = await opened()
  for (const message of ['Internal server error', 'Too Many Requests'])
    peer.say(JSON.stringify({ message, connectionId: 'c', requestId: 'r' }))
  expect(relay.client.state().counted.unreadable).toBe(0)
  peer.fresh()
  await relay.time.pass(3_000)
  expect(peer.fresh()).toEqual([{ action: 'subscribe', printerId: 'p1', rid: 2 }])
})

it('an idle agent’s declared silence of minutes is none for who looks, and has raised it', async () => {
  const { relay, peer } = await opened()
  const idle = { mode: 'idle', interval: 5 * minute } as const
  relay.serve(peer, emptyState, idle)
  peer.say(snapshot(relay.time, 'p1', emptyState, idle))
  peer.say({ type: 'subscribed', printerId: 'p1', rid: 1, head: 0, now: relay.time.now() })
  Object.assign(peer, { say: () => {} })
  await relay.time.pass(30_000)
  expect(peer.got.some(({ action }) => action === 'ping')).toBe(false)
  await relay.time.pass(2_500)
  expect(peer.got.some(({ action }) => action === 'ping')).toBe(true)
})

it('a hidden page whose link is lost dials again only when it is seen', async () => {
  const { relay, peer } = await opened()
  relay.serve(peer)
  await relay.time.pass(3_000)
  relay.client.setVisible(false)
  await relay.time.pass(minute)
  peer.end()
  await relay.time.pass(10 * minute)
  expect(relay.peers).toHaveLength(1)
  relay.client.setVisible(true)
  await relay.time.pass(0)
  expect(relay.peers).toHaveLength(2)
})
