import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LoggedEvent } from '../../protocol/printer-event.ts'
import { emptyState } from '../../protocol/printer-state.ts'
import {
  delta,
  scriptedRelay,
  snapshot,
  type Answer,
  type Asked,
  type ScriptedRelay,
} from './scripted-relay.ts'

const event = (n: number): LoggedEvent => ({
  ...{ printerId: 'p1', n, at: n },
  body: { type: 'printer_connected' },
})

/** A relay with a log: REST pages it, and a test tells its frames. */
const withLog = (head: number, random?: () => number) => {
  const relay = scriptedRelay(random)
  const log = { head, fails: (_: Asked): boolean => false }
  const { respond } = relay
  const pageOf = (path: string): Answer => {
    const query = new URL(path, 'https://x').searchParams
    const limit = Number(query.get('limit') ?? 100)
    const after = Number(query.get('after') ?? Math.max(0, log.head - limit))
    const next = Math.min(log.head, after + limit)
    const events = Array.from({ length: next - after }, (_, i) => event(after + i + 1))
    return { status: 200, body: { events, next, head: log.head, now: relay.time.now() } }
  }
  relay.respond = (ask) => {
    if (!ask.path.startsWith('/v1/printers/p1/events')) return respond(ask)
    return log.fails(ask) ? { status: 503 } : pageOf(ask.path)
  }
  const heard: number[] = []
  relay.client.onEvent(({ n }) => heard.push(n))
  const shown = () => relay.client.state().printers['p1']?.events?.map(({ n }) => n)
  const pages = () => relay.asked.filter(({ path }) => path.includes('/events'))
  return { relay, log, heard, shown, pages }
}

const served = async (head: number, random?: () => number) => {
  const world = withLog(head, random)
  const { relay } = world
  relay.client.start()
  relay.client.watch('p1')
  await relay.time.pass(0)
  relay.serve(relay.peer())
  relay.peer().open()
  await relay.time.pass(1_500)
  const say = (n: number) => {
    world.log.head = Math.max(world.log.head, n)
    relay.peer().say({ type: 'event', ...event(n) })
  }
  return { ...world, say }
}

describe('events of a printer', () => {
  it('begin with the newest page, and go on with the frames', async () => {
    const { shown, say, heard, pages } = await served(60)
    expect(shown()).toHaveLength(50)
    say(61)
    say(62)
    expect(shown()?.slice(-3)).toEqual([60, 61, 62])
    expect(heard).toEqual([61, 62])
    expect(pages()).toHaveLength(1)
  })

  it('are paged for when a frame tells of a head that no event frame brought', async () => {
    const { relay, log, shown, pages } = await served(3)
    log.head = 5
    relay.peer().say(delta(relay.time, 'p1', 50, { seq: 2, ev: 5 }))
    await relay.time.pass(999)
    expect(pages()).toHaveLength(1)
    await relay.time.pass(1)
    expect(shown()).toEqual([1, 2, 3, 4, 5])
    expect(pages().at(-1)?.path).toBe('/v1/printers/p1/events?after=3')
  })

  it('need no page when the event comes a moment after a frame that names it', async () => {
    const { relay, say, pages, heard } = await served(3)
    relay.peer().say(delta(relay.time, 'p1', 50, { seq: 2, ev: 4 }))
    await relay.time.pass(500)
    say(4)
    await relay.time.pass(5_000)
    expect(pages()).toHaveLength(1)
    expect(heard).toEqual([4])
  })

  it('are asked for when the agent left, because no frame follows', async () => {
    const { relay, log, shown } = await served(3)
    log.head = 4
    const gen = '0000000000001#agent'
    relay.peer().say({ type: 'presence', printerId: 'p1', gen, seq: 1, online: false })
    await relay.time.pass(1_500)
    expect(shown()).toEqual([1, 2, 3, 4])
  })

  it('are named as `since` when the link is new, and none is doubled', async () => {
    const { relay, log, heard } = await served(3)
    relay.peer().end()
    await relay.time.pass(40_000)
    log.head = 5
    const peer = relay.peer()
    relay.serve(peer)
    peer.open()
    await relay.time.pass(0)
    expect(peer.got.find(({ action }) => action === 'subscribe')).toMatchObject({ since: 3 })
    peer.say({ type: 'subscribed', printerId: 'p1', rid: 1, head: 5, now: relay.time.now() })
    peer.say({ type: 'event', ...event(5) })
    peer.say({ type: 'event', ...event(5) })
    await relay.time.pass(2_000)
    expect(heard).toEqual([4, 5])
  })

  it('are not doubled by the hand-over before the 2-hour limit', async () => {
    const { relay, log, heard } = await served(0)
    const old = relay.peer()
    for (let minute = 0; minute < 125 && relay.peer() === old; minute++) {
      old.say(snapshot(relay.time, 'p1', emptyState))
      await relay.time.pass(60_000)
    }
    const young = relay.peer()
    expect(young).not.toBe(old)
    log.head = 1
    old.say({ type: 'event', ...event(1) })
    relay.serve(young)
    young.open()
    await relay.time.pass(0)
    young.say({ type: 'event', ...event(1) })
    young.say({ type: 'event', ...event(2) })
    log.head = 2
    await relay.time.pass(2_000)
    expect(heard).toEqual([1, 2])
  })

  it('of a page that shows lists only are not fetched', async () => {
    const { relay, pages } = withLog(3)
    relay.client.start()
    relay.client.watch('p1', { events: false })
    await relay.opened()
    await relay.time.pass(5_000)
    expect(pages()).toEqual([])
  })

  it('are not asked for again and again when a head is told that the log does not have', async () => {
    const { relay, pages } = await served(3)
    relay.peer().say(delta(relay.time, 'p1', 50, { seq: 2, ev: 9 }))
    await relay.time.pass(600_000)
    expect(pages().length).toBeLessThan(80)
  })
})

describe('a page that is under way', () => {
  it('stays the only chain of requests however often what is followed changes', async () => {
    const { relay, pages } = withLog(3)
    const { respond } = relay
    relay.respond = (ask) => (ask.path.includes('/events') ? 'no answer' : respond(ask))
    relay.client.start()
    const peer = await relay.opened()
    relay.serve(peer)
    for (let n = 0; n < 20; n++) {
      const watch = relay.client.watch('p1')
      await relay.time.pass(10)
      watch.unwatch()
    }
    relay.client.watch('p1')
    await relay.time.pass(60_000)
    const before = pages().length
    await relay.time.pass(300_000)
    // One chain: ten seconds without an answer, then the backoff's mean of 15 s.
    expect(pages().length - before).toBeLessThan(20)
  })

  it('keeps the doubt that it was to settle when it is left', async () => {
    const { relay, log, shown } = await served(3)
    const again = relay.client.watch('p1')
    again.unwatch()
    log.fails = () => true
    const gen = '0000000000001#agent'
    relay.peer().say({ type: 'presence', printerId: 'p1', gen, seq: 1, online: false })
    await relay.time.pass(1_000)
    relay.client.setVisible(false)
    await relay.time.pass(60_000)
    log.head = 4
    log.fails = () => false
    relay.client.setVisible(true)
    await relay.time.pass(40_000)
    expect(shown()).toEqual([1, 2, 3, 4])
  })
})

const reopened = async (relay: ScriptedRelay) => {
  while (relay.client.state().link.phase !== 'open') {
    await relay.time.pass(1_000)
    relay.serve(relay.peer())
    relay.peer().open()
  }
}

describe('property 7: a client', () => {
  it('tells each event once and in order, under loss, repetition, reordering and refusals', async () => {
    const step = fc.record({
      does: fc.constantFrom('append', 'append', 'say', 'say', 'name', 'pass', 'cut'),
      pick: fc.nat(1000),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(6), async (schedule, first) => {
        const { relay, log, heard, say, shown } = await served(first)
        let seq = 1
        let turn = 0
        log.fails = () => turn++ % 3 !== 2
        for (const { does, pick } of schedule) {
          if (does === 'append') log.head++
          if (does === 'say' && log.head > 0) say((pick % log.head) + 1)
          if (does === 'name')
            relay.peer().say(delta(relay.time, 'p1', 1, { seq: ++seq, ev: log.head }))
          if (does === 'pass') await relay.time.pass(pick * 3)
          if (does === 'cut') relay.peer().end()
          if (does === 'cut') await reopened(relay)
        }
        if (relay.client.state().link.phase !== 'open') await reopened(relay)
        relay.peer().say(delta(relay.time, 'p1', 1, { seq: seq + 1, ev: log.head }))
        await relay.time.pass(300_000)
        const all = Array.from({ length: log.head }, (_, i) => i + 1)
        expect(heard).toEqual(all.slice(first))
        expect(shown()).toEqual(all)
        relay.client.stop()
        expect(relay.time.pending()).toBe(0)
      }),
      { numRuns: 60 },
    )
  })
})
