import { describe, expect, it } from 'vitest'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { emptyHold } from '../../agent/cargo-hold.ts'
import { timeOuts } from '../../protocol/time-outs.ts'
import type { Attention } from '../../agent/publisher/line.ts'
import { Session } from '../../agent/uplink/session.ts'
import { waitAfter } from '../../agent/uplink/waits.ts'
import { fakeRelay } from './support/fake-relay.ts'
import { handClock } from './support/hand-clock.ts'
import { keptLog } from './support/kept-log.ts'
import { printing, ready, warm } from './support/states.ts'

const rig = () => {
  const clock = handClock()
  const relay = fakeRelay()
  const log = keptLog()
  const attention: Attention['mode'][] = []
  let refreshed = 0
  let state: PrinterState = ready
  const session = new Session({
    clock,
    random: () => 0,
    dial: relay.dial,
    log,
    terms: { instance: 'instance-1', version: '0.1.0', lowerAfter: 60_000, tick: 1000 },
    state: () => state,
    hold: emptyHold,
    refresh: () => refreshed++,
    attend: (mode) => attention.push(mode),
  })
  session.start()
  const sample = (next: PrinterState) => {
    state = next
    session.sampled()
  }
  return { clock, ...relay, log, attention, session, sample, refreshed: () => refreshed }
}

const opened = () => {
  const its = rig()
  its.link(0).open()
  its.link(0).answer()
  return its
}

const warnings = ({ log }: Pick<ReturnType<typeof rig>, 'log'>) =>
  log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)

/** Keeps a link alive for so long: every frame that asks is answered. */
const live = async (its: ReturnType<typeof rig>, ms: number, n = 0, viewers = 1) => {
  for (let passed = 0; passed < ms; passed += 10_000) {
    await its.clock.advance(Math.min(10_000, ms - passed))
    if (!its.link(n).ended) its.link(n).answer(viewers)
  }
}

describe('a connection', () => {
  it('takes a notice of the gateway for what it is, and warns of anything else', () => {
    const its = opened()
    its.link(0).sayText('{"message":"Internal server error","connectionId":"c","requestId":"r"}')
    expect(warnings(its)).toEqual([])
    its.link(0).sayText('{"type":"nonsense"}')
    expect(warnings(its)).toEqual(['a frame of the relay is unreadable (bad_frame)'])
  })

  it('says hello when it is open, watches, and takes a fresh reading', () => {
    const { link, attention, refreshed } = opened()
    expect(link(0).frames).toMatchObject([{ action: 'hello', seq: 1, fresh: true, state: ready }])
    expect(attention).toEqual(['watched'])
    expect(refreshed()).toBe(1)
  })

  it('publishes what is read', async () => {
    const { link, clock, sample } = opened()
    await clock.advance(1000)
    sample(warm(ready, 50))
    expect(link(0).last).toMatchObject({
      k: 1,
      seq: 2,
      patch: { temperature: { 'tool0.actual': 50 } },
    })
  })

  it('survives frames that are no frames', async () => {
    const its = opened()
    for (const text of ['', 'no json', '{}', '{"type":"ack"}', '[]', 'x'.repeat(40_000)])
      its.link(0).sayText(text)
    await its.clock.advance(1000)
    its.sample(warm(ready, 50))
    expect(its.link(0).frames.length).toBe(2)
    expect(warnings(its)).toEqual(
      ['bad_json', 'bad_frame', 'frame_too_large'].map((code): unknown =>
        expect.stringContaining(code),
      ),
    )
  })
})

it('tells once of a frame that the relay refuses again and again', () => {
  const its = opened()
  const error = { code: 'rate_limited', message: 'why', retryable: true, requestId: 'r' } as const
  for (let n = 0; n < 5; n++) its.link(0).say({ type: 'error', ...error })
  expect(warnings(its)).toEqual(['the relay refuses a frame (rate_limited)'])
  expect(its.link(0).ended).toBe(false)
})

describe('a connection that ends', () => {
  it('is dialled again with backoff, and says hello in a generation of its own', async () => {
    const { link, links, clock } = opened()
    link(0).end()
    expect(links.length).toBe(1)
    await clock.advance(1000)
    link(1).open()
    expect(link(1).frames).toMatchObject([{ action: 'hello', seq: 1, fresh: false }])
  })

  it('waits longer each time, and anew from the start after a welcome', async () => {
    const waits = [1, 2, 3, 9].map((failed) => waitAfter({ failed, denied: 0 }, () => 0.999_999))
    expect(waits).toEqual([2000, 4000, 8000, 30_000])
    const { link, links, clock } = opened()
    for (let n = 0; n < 5; n++) {
      link(n).end()
      await clock.advance(1000)
      link(n + 1).open()
      link(n + 1).answer()
    }
    expect(links.length).toBe(6)
  })

  it('tells in the log what to do, once for the same trouble', async () => {
    const its = rig()
    for (let n = 0; n < 4; n++) {
      its.link(-1).end({ kind: 'failed', code: 'ECONNREFUSED' })
      await its.clock.advance(30_000)
    }
    expect(warnings(its)).toEqual([expect.stringContaining('ECONNREFUSED')])
  })

  it.each([
    [401, 'token'],
    [403, 'token'],
    [429, 'waits'],
    [503, 'tries again'],
    [404, 'relay.url'],
  ])('refused with %i says so', (status, advice) => {
    const its = rig()
    its.link(0).end({ kind: 'refused', status })
    expect(warnings(its)).toEqual([expect.stringMatching(new RegExp(`${status}.*${advice}`))])
  })

  it('knocks ever more slowly with a token that is denied', () => {
    const waits = [1, 2, 5, 9].map((denied) =>
      waitAfter({ failed: denied, denied }, () => 0.999_999),
    )
    expect(waits).toEqual([60_000, 120_000, 600_000, 600_000])
  })

  it('redials when the relay does not answer for 30 s, and when it asks for it', async () => {
    const { link, links, clock } = opened()
    await clock.advance(60_000 + 1000)
    expect(link(0).ended).toBe(true)
    expect(links.length).toBe(2)
    link(1).open()
    link(1).say({ type: 'redial' })
    expect(link(1).ended).toBe(true)
    await clock.advance(1000)
    expect(links.length).toBe(3)
  })
})

describe('a hand-over', () => {
  const before = timeOuts.connectionLife - timeOuts.handOverBefore

  // §10: "the 2-hour limit: resumed, no event lost or doubled"
  it('opens the new connection first and ends the old when the new is welcome', async () => {
    const its = opened()
    await live(its, before)
    expect(its.links.length).toBe(2)
    its.link(1).open()
    expect(its.link(1).frames).toMatchObject([
      { action: 'hello', fresh: false, instance: 'instance-1' },
    ])
    expect(its.link(0).ended).toBe(false)
    await its.clock.advance(1000)
    its.sample(warm(ready, 70))
    expect(its.link(0).last).toMatchObject({ patch: { temperature: { 'tool0.actual': 70 } } })
    its.link(1).answer()
    expect(its.link(0).ended).toBe(true)
    await its.clock.advance(1000)
    its.sample(printing)
    expect(its.link(1).last).toMatchObject({ full: printing })
    expect(its.links.length).toBe(2)
  })

  it('goes on with the new connection when the relay ends the old one first', async () => {
    const its = opened()
    await live(its, before)
    its.link(1).open()
    its.link(0).say({ type: 'redial' })
    its.link(1).answer()
    await its.clock.advance(1000)
    its.sample(printing)
    expect(its.link(1).last).toMatchObject({ full: printing })
    expect(its.links.length).toBe(2)
  })

  it('that fails is tried again a minute later, the old connection goes on', async () => {
    const its = opened()
    await live(its, before)
    its.link(1).end({ kind: 'refused', status: 503 })
    await live(its, 60_000)
    expect(its.links.length).toBe(3)
    expect(its.link(0).ended).toBe(false)
  })
})

describe('told to leave the printer alone', () => {
  // §10: "the same token is used twice: no flapping"
  it('superseded, it stays idle, says so, and tries a hello that is not fresh every 10 min', async () => {
    const its = opened()
    its.link(0).say({ type: 'closing', reason: 'superseded', by: 'other-instance' })
    its.link(0).end()
    expect(warnings(its)).toEqual([expect.stringContaining('other-instance')])
    expect(its.attention.at(-1)).toBe('idle')
    await its.clock.advance(timeOuts.supersededRetry - 1)
    expect(its.links.length).toBe(1)
    await its.clock.advance(1)
    its.link(1).open()
    expect(its.link(1).last).toMatchObject({ action: 'hello', fresh: false })
  })

  it('superseded before it was ever welcome, it is fresh no more', async () => {
    const its = rig()
    its.link(0).open()
    its.link(0).say({ type: 'closing', reason: 'superseded', by: 'other-instance' })
    await its.clock.advance(timeOuts.supersededRetry)
    its.link(1).open()
    expect(its.link(1).last).toMatchObject({ action: 'hello', fresh: false })
  })

  it('with a revoked token, it says what to do and knocks every 10 min', async () => {
    const its = opened()
    its.link(0).say({ type: 'closing', reason: 'token_revoked' })
    expect(warnings(its)).toEqual([expect.stringContaining('relay.token')])
    await its.clock.advance(timeOuts.supersededRetry - 1)
    expect(its.links.length).toBe(1)
    await its.clock.advance(1)
    expect(its.links.length).toBe(2)
  })
})

describe('attention', () => {
  it('goes idle with the answer of the relay, and up with its demand', async () => {
    const its = rig()
    its.link(0).open()
    its.link(0).answer(0)
    await live(its, 80_000, 0, 0)
    expect(its.attention).toEqual(['watched', 'lowering', 'idle'])
    its.link(0).say({ type: 'demand', viewers: 1, interval: 1000 })
    its.sample(warm(ready, 44))
    expect(its.attention.at(-1)).toBe('watched')
    expect(its.link(0).last).toMatchObject({ mode: 'watched' })
  })

  it('is idle while there is no connection', () => {
    const its = opened()
    its.link(0).end()
    expect(its.attention).toEqual(['watched', 'idle'])
  })
})

it('stops with every connection closed and no timer left', async () => {
  const its = opened()
  await its.session.stop()
  expect(its.link(0).ended).toBe(true)
  expect(its.clock.timers).toBe(0)
})

it('stops also while it waits for the next dial', async () => {
  const its = opened()
  its.link(0).end()
  await its.session.stop()
  await its.clock.advance(60_000)
  expect(its.links.length).toBe(1)
})

describe('a machine that slept', () => {
  const idle = async () => {
    const its = opened()
    await live(its, 120_000, 0, 0)
    expect(its.attention.at(-1)).toBe('idle')
    await its.clock.advance(20_000)
    return its
  }

  it('asks with a fresh reading as soon as it wakes, and stays when it is answered', async () => {
    const its = await idle()
    const before = its.link(0).frames.length
    const refreshed = its.refreshed()
    its.session.woke()
    expect(its.refreshed()).toBe(refreshed + 1)
    its.sample(ready)
    expect(its.link(0).frames).toHaveLength(before + 1)
    expect(its.link(0).last).toMatchObject({ action: 'publish', ack: true, mode: 'idle' })
    its.link(0).answer(0)
    await its.clock.advance(20_000)
    expect(its.link(0).ended).toBe(false)
    expect(its.links).toHaveLength(1)
  })

  it('dials anew when the relay does not answer within 10 s, though OctoPrint hangs', async () => {
    const its = await idle()
    its.session.woke()
    await its.clock.advance(10_200)
    expect(its.link(0).ended).toBe(false)
    await its.clock.advance(2_000)
    expect(its.link(0).ended).toBe(true)
    expect(its.links).toHaveLength(2)
  })

  it('leaves a hello that is on its way, and one that waits to dial, alone', async () => {
    const its = rig()
    its.link(0).open()
    its.session.woke()
    expect(its.link(0).frames).toHaveLength(1)
    its.link(0).end()
    its.session.woke()
    expect(its.links).toHaveLength(1)
    await its.session.stop()
    expect(its.clock.timers).toBe(0)
  })
})
