import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changedFields, patchOf } from '../../protocol/delta.ts'
import { isNewer } from '../../protocol/generation.ts'
import { emptyState, type PrinterState } from '../../protocol/printer-state.ts'
import type { RelayToViewer } from '../../protocol/relay-to-viewer.ts'
import { relayNow } from '../../client/relay-clock.ts'
import { emptyStore, entryOf, takeFrame, takeView, type Store } from '../../client/store.ts'
import { gen, printerView, snapshot } from './scripted-relay.ts'
import { virtualTime } from './virtual-time.ts'

type State = Extract<RelayToViewer, { type: 'state' }>

const stateArb = fc
  .record({ a: fc.option(fc.nat(3)), b: fc.option(fc.nat(3)), c: fc.option(fc.nat(3)) })
  .map(({ a, b, c }): PrinterState => ({
    ...emptyState,
    progress: a === null ? {} : { completion: a },
    temperature: b === null ? {} : { 'bed.actual': b },
    job: c === null ? {} : { name: `job ${c}` },
  }))

/** What an agent publishes over some connections: keyframes and deltas, truthful to the algebra. */
const published = (script: readonly (readonly [PrinterState, 'key' | 'delta' | 'dial'])[]) => {
  const frames: State[] = []
  let at = 1
  let seq = 0
  let key = { k: 0, state: emptyState }
  let touched = new Set<string>()
  let last = emptyState
  for (const [state, kind] of script) {
    if (kind === 'dial') [at, seq] = [at + 1, 0]
    seq++
    for (const place of changedFields(last, state)) touched.add(place)
    last = state
    const common = {
      type: 'state' as const,
      printerId: 'p',
      mode: 'watched' as const,
      interval: 30_000,
      online: true,
      relayAt: 1_000 * at + seq,
      agentNow: seq,
      ev: 0,
      gen: gen(at),
      seq,
    }
    if (kind !== 'delta' || seq === 1) {
      key = { k: seq, state }
      touched = new Set()
      frames.push({ ...common, kind: 'keyframe', k: seq, full: state })
    } else {
      const patch = patchOf(state, touched)
      frames.push({ ...common, kind: 'delta', k: key.k, patch })
    }
  }
  return { frames, truth: script.map(([state]) => state) }
}

const script = fc.array(
  fc.tuple(
    stateArb,
    fc.constantFrom('delta' as const, 'delta' as const, 'key' as const, 'dial' as const),
  ),
  { minLength: 1, maxLength: 20 },
)
const held = (store: Store) => entryOf(store, 'p').replica.held

describe('frames are lost, repeated, reordered', () => {
  it('never goes back, holds only what was published, and one sync converges', () => {
    fc.assert(
      fc.property(script, fc.array(fc.nat(), { maxLength: 40 }), (steps, picks) => {
        const { frames, truth } = published(steps)
        let store = emptyStore
        for (const pick of picks) {
          const frame = frames[pick % frames.length]
          if (!frame) continue
          const before = held(store)
          store = takeFrame(store, frame, 0)
          const after = held(store)
          if (before) expect(after && !isNewer(before, after)).toBe(true)
          const index = frames.findIndex((f) => f.gen === after?.gen && f.seq === after.seq)
          if (after) expect(after.state).toEqual(truth[index])
        }
        const last = frames.at(-1)
        const final = truth.at(-1)
        if (!last || !final) return
        store = takeFrame(store, { ...last, kind: 'snapshot', full: final }, 0)
        expect(held(store)?.state).toEqual(final)
        expect(entryOf(store, 'p').replica.waiting).toBeUndefined()
      }),
    )
  })

  it('converges by one delivered delta of a known keyframe, whatever was lost between', () => {
    fc.assert(
      fc.property(stateArb, fc.array(stateArb, { minLength: 1 }), fc.nat(), (first, rest, cut) => {
        const steps = [[first, 'key'], ...rest.map((s) => [s, 'delta'] as const)] as const
        const { frames, truth } = published(steps)
        const target = 1 + (cut % rest.length)
        let store = emptyStore
        for (const frame of [frames[0], frames[target]])
          if (frame) store = takeFrame(store, frame, 0)
        expect(held(store)?.state).toEqual(truth[target])
      }),
    )
  })

  it('completes a keyframe that its own delta overtook, with that one’s age', () => {
    const { frames } = published([
      [emptyState, 'key'],
      [{ ...emptyState, progress: { completion: 2 } }, 'delta'],
    ])
    const store = [...frames].reverse().reduce((s, f) => takeFrame(s, f, 0), emptyStore)
    expect(held(store)?.state.progress.completion).toBe(2)
    expect(entryOf(store, 'p').standing?.relayAt).toBe(1_002)
  })
})

describe('presence', () => {
  const time = virtualTime()
  const base = takeFrame(emptyStore, snapshot(time, 'p', emptyState, { seq: 5, k: 5 }), 0)
  const presence = (seq: number, online: boolean, at = 1): RelayToViewer => ({
    type: 'presence',
    printerId: 'p',
    gen: gen(at),
    seq,
    online,
  })
  const online = (store: Store) => entryOf(store, 'p').online

  it('is ignored below the own position', () => {
    expect(online(takeFrame(base, presence(4, false), 0))).toBe(true)
    expect(online(takeFrame(base, presence(99, false, 0), 0))).toBe(true)
  })

  it('counts at the own position and above', () => {
    expect(online(takeFrame(base, presence(5, false), 0))).toBe(false)
    expect(online(takeFrame(base, presence(6, false), 0))).toBe(false)
  })

  it('an equal snapshot still updates online', () => {
    const away = takeFrame(base, presence(5, false), 0)
    const back = takeFrame(away, snapshot(time, 'p', emptyState, { seq: 5, k: 5 }), 0)
    expect(online(back)).toBe(true)
  })

  it('a frame that the news overtook does not bring the agent back', () => {
    const away = takeFrame(base, presence(6, false), 0)
    const frame = {
      ...snapshot(time, 'p', emptyState, { seq: 6, k: 6 }),
      kind: 'keyframe',
    } as State
    expect(online(takeFrame(away, frame, 0))).toBe(false)
  })
})

describe('the relay’s clock', () => {
  it('is right to the shortest way, with the local clock off by hours', () => {
    const time = virtualTime(5 * 3_600_000)
    const view = { ...printerView(time, 'p'), now: 1_700_000_000_000 }
    const store = takeView(emptyStore, view, 700)
    expect(store.relayClock).toEqual({ least: 700 - 1_700_000_000_000, at: 700 })
  })

  it('moves on by any answer where a monotonic clock stood still unnoticed', () => {
    const start = 1_700_000_000_000
    const now = start + 8 * 60_000
    const answers: RelayToViewer[] = [
      { type: 'pong', missing: [], now },
      { type: 'subscribed', printerId: 'p', rid: 1, head: 0, now },
    ]
    for (const answer of answers) {
      const known = { ...emptyStore, relayClock: { least: 700 - start, at: 700 } }
      const store = takeFrame(known, answer, 700)
      expect(relayNow(store.relayClock, 700)).toBe(now)
    }
  })

  it('is not learnt from a snapshot, whose stamp is as old as what was stored', () => {
    const time = virtualTime()
    const store = takeFrame(emptyStore, snapshot(time, 'p', emptyState), 700)
    expect(store.relayClock).toBeUndefined()
  })
})
