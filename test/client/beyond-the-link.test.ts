import { describe, expect, it } from 'vitest'
import { limits } from '../../protocol/limits.ts'
import { printerView, scriptedRelay, type ScriptedRelay } from './scripted-relay.ts'

const minute = 60_000
const many = 70
const ids = Array.from({ length: many }, (_, n) => `p${n + 1}`)
const last = `p${many}`

const lists = (relay: ScriptedRelay) => relay.asked.filter(({ path }) => path === '/v1/printers')
const polls = (relay: ScriptedRelay) => relay.asked.filter(({ path }) => /printers\/p/.test(path))
const subscribed = (relay: ScriptedRelay) =>
  relay.peer().got.flatMap((f) => (f.action === 'subscribe' ? [f.printerId] : []))
const badges = (relay: ScriptedRelay) => {
  const { printers } = relay.client.state()
  return ids.map((id) => printers[id]?.badge)
}

/** A site of more printers than a link carries, all of them on one page. */
const bigSite = async () => {
  const relay = scriptedRelay()
  const { respond } = relay
  const listed = { ids, fails: false }
  relay.respond = (ask) => {
    if (ask.path !== '/v1/printers') return respond(ask)
    if (listed.fails) return { status: 503 }
    const at = { relayAt: relay.time.now() - 1_000 }
    const printers = listed.ids.map((id) => printerView(relay.time, id, at))
    return { status: 200, body: { printers } }
  }
  relay.client.start()
  const watches = ids.map((id) => relay.client.watch(id, { events: false }))
  await relay.time.pass(0)
  relay.serve(relay.peer())
  relay.peer().open()
  await relay.time.pass(5_000)
  return { relay, watches, listed }
}

describe('printers beyond what a link carries', () => {
  it('are polled for all at once, slowly, and say so', async () => {
    const { relay } = await bigSite()
    expect(new Set(subscribed(relay))).toEqual(new Set(ids.slice(0, limits.subscriptions)))
    const asked = polls(relay).length
    await relay.time.pass(10 * minute)
    expect(badges(relay).slice(0, limits.subscriptions)).not.toContain('polling')
    expect(new Set(badges(relay).slice(limits.subscriptions))).toEqual(new Set(['polling']))
    expect(lists(relay).length).toBeGreaterThanOrEqual(18)
    expect(lists(relay).length).toBeLessThanOrEqual(25)
    expect(polls(relay)).toHaveLength(asked)
  })

  it('take the place of one that is left, and displace none', async () => {
    const { relay, watches } = await bigSite()
    const peer = relay.peer()
    peer.fresh()
    relay.client.watch('p3').unwatch()
    relay.client.watch('another')
    expect(peer.fresh()).toEqual([])
    watches[2]?.unwatch()
    expect(peer.fresh()).toMatchObject([
      { action: 'unsubscribe', printerId: 'p3' },
      { action: 'subscribe', printerId: 'p65' },
    ])
  })

  it('are offline when the list cannot be had for long, and come back with it', async () => {
    const { relay, listed } = await bigSite()
    listed.fails = true
    await relay.time.pass(minute)
    expect(badges(relay).at(-1)).toBe('polling')
    await relay.time.pass(2 * minute)
    expect(badges(relay).at(-1)).toBe('offline')
    expect(badges(relay)[0]).toBe('real-time')
    listed.fails = false
    await relay.time.pass(minute)
    expect(badges(relay).at(-1)).toBe('polling')
  })

  it('that the list does not have are asked for alone, and say why', async () => {
    const { relay, listed } = await bigSite()
    listed.ids = ids.slice(0, -1)
    const { respond } = relay
    const error = { code: 'not_found', message: 'no', retryable: false, requestId: 'r' }
    relay.respond = (ask) =>
      ask.path === `/v1/printers/${last}` ? { status: 404, body: { error } } : respond(ask)
    await relay.time.pass(2 * minute)
    expect(relay.client.state().printers[last]?.refused).toBe('not_found')
  })

  it('are not asked for while nobody looks, nor after the stop', async () => {
    const { relay } = await bigSite()
    relay.client.setVisible(false)
    await relay.time.pass(minute)
    const before = lists(relay).length
    await relay.time.pass(10 * minute)
    expect(lists(relay)).toHaveLength(before)
    relay.client.setVisible(true)
    await relay.time.pass(1_000)
    expect(lists(relay)).toHaveLength(before + 1)
    relay.client.stop()
    await relay.time.pass(10 * minute)
    expect(lists(relay)).toHaveLength(before + 1)
    expect(relay.time.pending()).toBe(0)
  })
})
