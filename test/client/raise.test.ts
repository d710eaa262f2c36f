import { describe, expect, it } from 'vitest'
import { emptyState } from '../../protocol/printer-state.ts'
import type { ViewerToRelay } from '../../protocol/viewer-to-relay.ts'
import { delta, scriptedRelay, type ScriptedRelay } from './scripted-relay.ts'

type Standing = Parameters<ScriptedRelay['serve']>[2]

/** A viewer whose subscribe was answered with what the relay had stored. */
const watching = async (stored: (relay: ScriptedRelay) => Standing) => {
  const relay = scriptedRelay()
  relay.client.start()
  relay.client.watch('p1')
  await relay.time.pass(0)
  const peer = relay.peer()
  relay.serve(peer, emptyState, stored(relay))
  peer.open()
  await relay.time.pass(0)
  peer.fresh()
  return { relay, peer }
}

const syncs = (frames: readonly ViewerToRelay[]) => frames.filter(({ action }) => action === 'sync')
const asked = { action: 'sync', printerId: 'p1', rid: 1, fresh: true }

describe('the demand for a printer is lost', () => {
  it('an idle agent is asked again after 3, 6 and 12 s, then every 30 s', async () => {
    const { relay, peer } = await watching(() => ({ mode: 'idle', interval: 300_000 }))
    const times: number[] = []
    for (let second = 1; second <= 100; second++) {
      await relay.time.pass(1_000)
      for (const frame of syncs(peer.fresh())) {
        expect(frame).toEqual(asked)
        times.push(second)
      }
    }
    expect(times).toEqual([4, 10, 22, 52, 82])
    expect(peer.closed).toBe(false)
  })

  it('no more once the agent says that it is watched', async () => {
    const { relay, peer } = await watching(() => ({ mode: 'idle', interval: 300_000 }))
    await relay.time.pass(4_000)
    expect(syncs(peer.fresh())).toEqual([asked])
    peer.say(delta(relay.time, 'p1', 1, { seq: 2 }))
    for (let second = 1; second <= 20; second++) {
      await relay.time.pass(1_000)
      peer.say(delta(relay.time, 'p1', second, { seq: 2 + second }))
    }
    expect(syncs(peer.fresh())).toEqual([])
  })

  it('nobody is asked while the agent is known to be away', async () => {
    const { relay, peer } = await watching(() => ({ mode: 'idle', online: false }))
    await relay.time.pass(60_000)
    expect(syncs(peer.fresh())).toEqual([])
  })
})

it('the news that the agent left is lost: an old state is asked for, and its answer tells', async () => {
  const { relay, peer } = await watching(({ time }) => ({ relayAt: time.now() }))
  relay.serve(peer, emptyState, { relayAt: relay.time.now(), online: false })
  await relay.time.pass(60_000)
  expect(relay.client.state().printers.p1?.online).toBe(true)
  await relay.time.pass(6_000)
  expect(syncs(peer.got)).toContainEqual(asked)
  expect(relay.client.state().printers.p1).toMatchObject({ online: false })
})
