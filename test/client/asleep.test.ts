import { describe, expect, it } from 'vitest'
import { SignInRequiredError } from '../../client/errors.ts'
import { printerView, scriptedRelay } from './scripted-relay.ts'

const minute = 60_000

/** A page that is hidden for so long that it sleeps, and then loses its link. */
const asleepWithoutLink = async () => {
  const relay = scriptedRelay()
  relay.client.start()
  relay.client.watch('p1')
  const peer = await relay.opened()
  relay.serve(peer)
  await relay.time.pass(3_000)
  relay.client.setVisible(false)
  await relay.time.pass(minute)
  peer.end()
  await relay.time.pass(0)
  return relay
}

describe('a hidden page that sleeps', () => {
  it('stays so when its timers are throttled, which looks like a sleep of the machine', async () => {
    const relay = await asleepWithoutLink()
    const asked = relay.asked.length
    for (let n = 0; n < 10; n++) {
      relay.time.sleep(minute)
      await relay.time.pass(10_000)
    }
    expect(relay.peers).toHaveLength(1)
    expect(relay.asked).toHaveLength(asked)
  })

  it('falls asleep as well when it was stopped and started unseen', async () => {
    const relay = scriptedRelay()
    relay.client.start()
    relay.client.watch('p1')
    relay.serve(await relay.opened())
    relay.client.setVisible(false)
    relay.client.stop()
    relay.client.start()
    const peer = await relay.opened()
    relay.serve(peer)
    await relay.time.pass(minute)
    peer.end()
    await relay.time.pass(minute)
    expect(relay.peers).toHaveLength(2)
  })

  it('stays so when the network comes back', async () => {
    const relay = await asleepWithoutLink()
    relay.client.hurry()
    await relay.time.pass(minute)
    expect(relay.peers).toHaveLength(1)
  })

  it('does not believe the relay’s clock of before a sleep when it is seen again', async () => {
    const relay = await asleepWithoutLink()
    relay.time.sleep(5 * minute)
    await relay.time.pass(10_000)
    expect(relay.client.relayNow()).toBeUndefined()
    relay.client.setVisible(true)
    await relay.opened()
    relay.respond = () => ({ status: 200, body: printerView(relay.time, 'p1') })
    await relay.time.pass(3_000)
    expect(relay.client.relayNow()).toBeGreaterThan(relay.time.now() - 5_000)
  })

  it('ends at a sign-in that only a person can renew as soon as it is seen', async () => {
    const relay = await asleepWithoutLink()
    relay.token = async () => {
      throw new SignInRequiredError('test')
    }
    await relay.time.pass(10 * minute)
    expect(relay.client.state().link.phase).toBe('waiting')
    relay.client.setVisible(true)
    await relay.time.pass(0)
    expect(relay.client.state().link).toEqual({ phase: 'ended', why: 'sign_in_required' })
  })

  it('doubts its link when it is seen again: it may have died without a word', async () => {
    const relay = scriptedRelay()
    relay.client.start()
    relay.client.watch('p1')
    const peer = await relay.opened()
    relay.serve(peer)
    await relay.time.pass(3_000)
    relay.client.setVisible(false)
    await relay.time.pass(2 * minute)
    Object.assign(peer, { say: () => {} })
    peer.fresh()
    relay.client.setVisible(true)
    expect(peer.fresh().map(({ action }) => action)).toEqual(['subscribe', 'ping'])
    await relay.time.pass(10_000)
    expect(peer.closed).toBe(true)
    await relay.time.pass(1_000)
    expect(relay.peers).toHaveLength(2)
  })
})
