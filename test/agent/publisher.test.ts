import { describe, expect, it } from 'vitest'
import { limits } from '../../protocol/limits.ts'
import { bytesOf } from '../../protocol/parse-frame.ts'
import { publishSchema } from '../../protocol/publish.ts'
import type { AgentToRelay } from '../../protocol/agent-to-relay.ts'
import { patchBudget } from '../../agent/publisher/budget.ts'
import { freshWait } from '../../agent/publisher/hear.ts'
import { Bench, terms } from './support/bench.ts'
import { printing, ready, warm } from './support/states.ts'

const kindOf = (frame: AgentToRelay | undefined) =>
  frame === undefined
    ? 'nothing'
    : frame.action === 'hello'
      ? 'hello'
      : frame.full
        ? 'keyframe'
        : 'delta'
const modeOf = (frame: AgentToRelay | undefined) =>
  frame?.action === 'publish' ? frame.mode : undefined
const asks = (frame: AgentToRelay | undefined) => frame?.action === 'publish' && frame.ack === true

describe('hello', () => {
  it('goes out at once, fresh and whole', () => {
    const [hello] = new Bench().sent()
    expect(hello).toMatchObject({ action: 'hello', seq: 1, fresh: true, interval: 30_000 })
  })

  it('is repeated after 3, 6 and 12 s under a new seq each, then the link is redialled', () => {
    const bench = new Bench()
    bench.pass(29_999)
    expect(bench.frames.map(({ at, frame }) => [at, frame.seq, kindOf(frame)])).toEqual([
      [0, 1, 'hello'],
      [3000, 2, 'hello'],
      [9000, 3, 'hello'],
      [21_000, 4, 'hello'],
    ])
    expect(bench.effects).toEqual([])
    bench.pass(1)
    expect(bench.effects).toEqual([{ type: 'redial', why: 'the relay does not answer' }])
  })

  it('is acknowledged by a welcome of the newest only', () => {
    const bench = new Bench()
    bench.pass(3000)
    bench.hear({ type: 'welcome', seq: 1, hwm: {}, viewers: 1, interval: 1000 })
    expect(bench.line.key?.acknowledged).toBe(false)
    bench.welcome()
    expect(bench.line.key?.acknowledged).toBe(true)
  })

  it('answers every resync, but not one that an unanswered hello already answers', () => {
    const bench = Bench.open(ready)
    bench.hear({ type: 'resync' })
    bench.hear({ type: 'resync' })
    expect(bench.sent().map(kindOf)).toEqual(['hello'])
    bench.welcome()
    bench.hear({ type: 'resync' })
    expect(bench.sent().map(kindOf)).toEqual(['hello'])
  })
})

describe('keyframes and deltas', () => {
  it('carries every field touched since the keyframe, also one that went back', () => {
    const bench = Bench.open(ready)
    bench.sample(warm(ready, 30))
    bench.pass(1000)
    bench.sample(ready)
    bench.pass(1000)
    bench.sample({ ...ready, progress: { completion: 1 } })
    const { k } = bench.last as { k: number }
    expect(bench.last).toMatchObject({
      patch: { temperature: { 'tool0.actual': 21.3 }, progress: { completion: 1 } },
    })
    expect(k).toBe(bench.line.key?.seq)
  })

  it('begins anew with each keyframe: what changed before it is not carried on', () => {
    const bench = Bench.open(ready)
    bench.sample(warm(ready, 30))
    bench.pass(1000)
    bench.sample(warm(printing, 30))
    bench.ack(1)
    bench.pass(1000)
    bench.sample({ ...warm(printing, 30), progress: { completion: 2, printTime: 2000 } })
    expect((bench.last as { patch: object }).patch).toEqual({ progress: { completion: 2 } })
  })

  it('sends nothing while nothing changes, until the declared silence', () => {
    const bench = Bench.open(ready)
    bench.pass(25_000)
    expect(bench.sent()).toEqual([])
    bench.pass(5000)
    expect(bench.sent().map((frame) => [kindOf(frame), asks(frame)])).toEqual([['delta', true]])
  })

  it('starts a new keyframe when the job changes', () => {
    const bench = Bench.open(ready)
    bench.sample(printing)
    expect(kindOf(bench.last)).toBe('keyframe')
    expect(asks(bench.last)).toBe(true)
  })

  it('starts a new keyframe every 5 minutes while watched', () => {
    const bench = Bench.open(ready)
    let keyframes = 0
    for (let second = 0; second < 301; second++) {
      bench.pass(1000)
      bench.sample(warm(ready, second))
      for (const frame of bench.sent()) if (kindOf(frame) === 'keyframe') keyframes++
      bench.ack(1)
    }
    expect(keyframes).toBe(1)
  })

  it('sends only keyframes, the newest state each 3 s, while one is unacknowledged', () => {
    const bench = Bench.open(ready)
    bench.sample(printing)
    const first = bench.sent()[0]?.seq
    for (let second = 0; second < 7; second++) {
      bench.pass(1000)
      bench.sample(warm(printing, 30 + second))
    }
    const sent = bench.sent()
    expect(sent.map(kindOf)).toEqual(['keyframe', 'keyframe'])
    expect(sent.map(({ seq }) => seq - (first ?? 0))).toEqual([1, 2])
    expect(sent[1]).toMatchObject({ full: warm(printing, 34) })
    bench.ack(1)
    bench.pass(1000)
    bench.sample(warm(printing, 50))
    expect(kindOf(bench.last)).toBe('delta')
  })

  it('keeps keyframe and patch within one write unit where the keyframe leaves room', () => {
    const bench = Bench.open(ready)
    const heaters = (round: number) =>
      Object.fromEntries([...Array(10).keys()].map((n) => [`heater_with_name_${n}.actual`, round]))
    for (let round = 0; round < 40; round++) {
      bench.pass(1000)
      bench.sample({ ...ready, temperature: heaters(round), progress: { completion: round } })
      const { frame } = bench.frames.at(-1) ?? {}
      if (frame?.action === 'publish' && frame.patch) {
        const key = bench.line.key?.bytes ?? 0
        expect(bytesOf(JSON.stringify(frame.patch))).toBeLessThanOrEqual(patchBudget(key))
      }
      bench.ack(1)
    }
    expect(patchBudget(300)).toBe(limits.oneWriteBytes - 300)
  })

  it('leaves a large keyframe room up to a later KB step, never less than a quarter of it', () => {
    expect(patchBudget(950)).toBe(limits.oneWriteBytes + 1024 - 950)
    expect(patchBudget(890)).toBe(limits.oneWriteBytes + 1024 - 890)
    for (let bytes = 0; bytes < limits.stateBytes; bytes += 37)
      expect(patchBudget(bytes)).toBeGreaterThanOrEqual(bytes / 4)
  })

  it('sends at most one frame a tick, and never faster than the relay asks', () => {
    const bench = Bench.open(ready)
    bench.ack(1, bench.line.seq, 5000)
    bench.sent()
    for (let step = 0; step < 40; step++) {
      bench.pass(250)
      bench.sample(warm(ready, step))
    }
    const times = bench.frames.map(({ at }) => at)
    expect(times.length).toBe(2)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(5000)
  })
})

describe('asked acks', () => {
  it('asks with every 10th frame', () => {
    const bench = Bench.open(ready)
    const asked: boolean[] = []
    for (let n = 0; n < 20; n++) {
      bench.pass(1000)
      bench.sample(warm(ready, n))
      asked.push(asks(bench.last))
      if (asks(bench.last)) bench.ack(1)
    }
    expect(asked.filter(Boolean).length).toBe(2)
  })

  it('asks at least every 20 s', () => {
    const bench = Bench.open(ready)
    bench.pass(10_000)
    bench.sample(warm(ready, 30))
    expect(asks(bench.last)).toBe(false)
    bench.pass(10_000)
    bench.sample(warm(ready, 31))
    expect(asks(bench.last)).toBe(true)
  })

  it('does not count time while it did not ask', () => {
    const bench = Bench.open(ready)
    bench.sample(warm(ready, 30))
    bench.pass(29_000)
    expect(bench.effects).toEqual([])
  })

  it('sends nothing but the newest state after 10 s without an answer, redials after 30 s', () => {
    const bench = Bench.open(ready)
    bench.pass(30_000)
    const asked = bench.at - 1000
    expect(asks(bench.last)).toBe(true)
    bench.sent()
    for (let n = 0; n < 8; n++) {
      bench.pass(1000)
      bench.sample(warm(ready, n))
    }
    expect(bench.sent().every((frame) => kindOf(frame) === 'delta')).toBe(true)
    for (let n = 0; n < 18; n++) {
      bench.pass(1000)
      bench.sample(warm(ready, n))
    }
    const late = bench.sent()
    expect(late.length).toBeGreaterThan(2)
    expect(late.every((frame) => kindOf(frame) === 'keyframe')).toBe(true)
    expect(bench.effects).toEqual([])
    bench.pass(4000)
    expect(bench.effects[0]).toMatchObject({ type: 'redial' })
    expect(bench.at - asked).toBeGreaterThanOrEqual(30_000)
  })
})

describe('modes', () => {
  const idle = () => {
    const bench = Bench.open(ready, 0)
    bench.pass(60_000, 0)
    bench.sent()
    expect(bench.line.attention).toEqual({ mode: 'idle' })
    return bench
  }

  it('starts every connection watched', () => {
    const bench = Bench.open(ready)
    bench.sample(warm(ready, 30))
    expect(modeOf(bench.last)).toBe('watched')
  })

  it('declares idle 60 s after the last viewer, asks, and says idle until the answer', () => {
    const bench = Bench.open(ready, 0)
    bench.pass(58_000, 0)
    expect(bench.sent().map(modeOf)).not.toContain('idle')
    bench.pass(1000)
    expect(modeOf(bench.last)).toBe('idle')
    expect(asks(bench.last)).toBe(true)
    expect(bench.line.attention.mode).toBe('lowering')
    bench.pass(1000)
    bench.sample(warm(ready, 40))
    expect(modeOf(bench.last)).toBe('idle')
  })

  it('is not idle by an ack from before the declaration', () => {
    const bench = Bench.open(ready, 0)
    const before = bench.line.seq
    bench.pass(58_000, 0)
    bench.pass(1000)
    bench.ack(0, before)
    expect(bench.line.attention.mode).toBe('lowering')
    bench.ack(0)
    expect(bench.line.attention.mode).toBe('idle')
  })

  it('stays watched when the answer to the declaration knows a viewer', () => {
    const bench = Bench.open(ready, 0)
    bench.pass(58_000, 0)
    bench.pass(1000)
    bench.ack(2)
    expect(bench.line.attention.mode).toBe('watched')
    bench.pass(freshWait)
    expect(modeOf(bench.last)).toBe('watched')
  })

  it('is not idle by the ack of a declaration that a demand overtook', () => {
    const bench = Bench.open(ready, 0)
    bench.pass(58_000, 0)
    bench.pass(1000)
    const declaration = bench.line.seq
    bench.hear({ type: 'demand', viewers: 1, interval: 1000 })
    bench.ack(0, declaration)
    expect(bench.line.attention.mode).toBe('watched')
  })

  it('sends only changes of status and job while idle', () => {
    const bench = idle()
    bench.pass(5000)
    bench.sample({ ...warm(ready, 99), progress: { completion: 4 } })
    expect(bench.sent()).toEqual([])
    bench.pass(5000)
    bench.sample({ ...ready, status: { text: 'Error' } })
    expect(bench.sent().map((frame) => [kindOf(frame), modeOf(frame)])).toEqual([['delta', 'idle']])
    bench.ack(0)
    bench.pass(5000)
    bench.sample(printing)
    expect(bench.sent().map((frame) => [kindOf(frame), modeOf(frame)])).toEqual([
      ['keyframe', 'idle'],
    ])
  })

  it('keeps alive every 5 minutes while idle, every 2 while printing, and says so', () => {
    const bench = idle()
    bench.pass(300_000)
    expect(bench.sent().map((frame) => [asks(frame), frame.interval])).toEqual([[true, 300_000]])
    bench.ack(0)
    bench.sample(printing)
    bench.ack(0)
    bench.sent()
    bench.pass(120_000)
    expect(bench.sent().map((frame) => [asks(frame), frame.interval])).toEqual([[true, 120_000]])
  })

  it('answers a demand at once with a fresh reading that says watched', () => {
    const bench = idle()
    bench.pass(5000)
    bench.hear({ type: 'demand', viewers: 1, interval: 1000 })
    expect(bench.effects).toContainEqual({ type: 'refresh' })
    expect(bench.sent()).toEqual([])
    bench.at += 10
    bench.sample(warm(ready, 66))
    expect(bench.last).toMatchObject({
      mode: 'watched',
      patch: { temperature: { 'tool0.actual': 66 } },
    })
  })

  it('answers a demand with what it knows when OctoPrint hangs', () => {
    const bench = idle()
    bench.hear({ type: 'demand', viewers: 1, interval: 1000 })
    bench.pass(freshWait)
    expect(bench.sent().map(modeOf)).toEqual(['watched'])
  })

  it('answers each further demand with a frame, at the pace of the relay', () => {
    const bench = Bench.open(ready)
    for (let n = 0; n < 20; n++) {
      bench.hear({ type: 'demand', viewers: 1, interval: 1000 })
      bench.pass(100)
      bench.sample(ready)
    }
    bench.pass(1000)
    expect(bench.sent().length).toBeGreaterThanOrEqual(2)
    expect(bench.frames.length).toBeLessThanOrEqual(3)
  })

  it('is raised by any answer that knows viewers', () => {
    const bench = idle()
    bench.pass(300_000)
    bench.sent()
    bench.ack(3)
    bench.sample(ready)
    expect(bench.sent().map(modeOf)).toEqual(['watched'])
  })

  it('is watched again after a resync, because the relay makes it so', () => {
    const bench = idle()
    bench.hear({ type: 'resync' })
    expect(bench.line.attention.mode).toBe('watched')
  })
})

describe('the end of a connection', () => {
  it('asks for a hand-over before the two hours, and again each minute', () => {
    const bench = new Bench()
    bench.welcome()
    for (let minute = 0; minute < 117; minute++) {
      bench.pass(30_000)
      bench.ack(1)
      bench.pass(30_000)
      bench.ack(1)
    }
    expect(bench.effects.filter(({ type }) => type === 'hand_over').length).toBe(3)
  })

  it.each([
    [{ type: 'redial' } as const, 'redial'],
    [{ type: 'closing', reason: 'going_away' } as const, 'redial'],
    [{ type: 'closing', reason: 'replaced' } as const, 'redial'],
    [{ type: 'closing', reason: 'superseded', by: 'other-instance' } as const, 'superseded'],
    [{ type: 'closing', reason: 'token_revoked' } as const, 'revoked'],
  ])('takes %j as %s', (frame, type) => {
    const bench = Bench.open(ready)
    bench.hear(frame)
    expect(bench.effects).toMatchObject([{ type }])
  })

  it('tells of a refused frame and goes on', () => {
    const bench = Bench.open(ready)
    const error = { code: 'bad_frame', message: 'why', retryable: false, requestId: 'r' } as const
    bench.hear({ type: 'error', ...error })
    expect(bench.effects).toEqual([{ type: 'complain', code: 'bad_frame', message: 'why' }])
  })
})

it('makes frames of the protocol only', () => {
  const bench = Bench.open(ready, 0, { ...terms, lowerAfter: 5000 })
  bench.pass(20_000, 0)
  bench.sample(printing)
  for (const frame of bench.sent())
    if (frame.action === 'publish') expect(publishSchema.safeParse(frame).success).toBe(true)
})
