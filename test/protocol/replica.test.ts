import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changedFields, patchOf } from '../../protocol/delta.ts'
import { generationOf, isNewer } from '../../protocol/generation.ts'
import type { PrinterState } from '../../protocol/printer-state.ts'
import { emptyReplica, receive, type Replica, type StateFrame } from '../../protocol/replica.ts'
import { arbitraryState } from '../support/arbitrary-state.ts'

interface Published {
  readonly frame: StateFrame
  /** What the agent's state was there, and so what a receiver must hold there. */
  readonly truth: PrinterState
}

interface Step {
  readonly state: PrinterState
  readonly does: 'delta' | 'keyframe' | 'new generation'
}

const steps = fc.array(
  fc.record({
    state: arbitraryState,
    does: fc.oneof(
      { weight: 6, arbitrary: fc.constant('delta' as const) },
      { weight: 2, arbitrary: fc.constant('keyframe' as const) },
      { weight: 1, arbitrary: fc.constant('new generation' as const) },
    ),
  }),
  { minLength: 1, maxLength: 14 },
)

/** An agent that publishes by the rules STATE-1 to STATE-3. */
const publishAll = (walk: readonly Step[]): Published[] => {
  const out: Published[] = []
  let connectedAt = 1_000
  let seq = 0
  let k = 0
  let before: PrinterState | undefined
  let touched = new Set<string>()
  for (const { state, does } of walk) {
    if (does === 'new generation') {
      connectedAt += 1
      seq = 0
    }
    seq += 1
    const gen = generationOf(connectedAt, 'agent')
    if (does === 'delta' && before) {
      touched = new Set([...touched, ...changedFields(before, state)])
      out.push({ frame: { gen, seq, k, patch: patchOf(state, touched) }, truth: state })
    } else {
      k = seq
      touched = new Set()
      out.push({ frame: { gen, seq, k, full: state }, truth: state })
    }
    before = state
  }
  return out
}

/** Any number of the frames, each any number of times, in any order. */
const delivery = (frames: readonly Published[]) =>
  fc.array(fc.constantFrom(...frames), { maxLength: frames.length * 2 })

const arbitraryRun = steps.chain((walk) => {
  const published = publishAll(walk)
  return fc.record({ published: fc.constant(published), delivered: delivery(published) })
})

const truthAt = (published: readonly Published[], at: { gen: string; seq: number }) =>
  published.find(({ frame }) => frame.gen === at.gen && frame.seq === at.seq)?.truth

const deliver = (frames: readonly StateFrame[], from: Replica = emptyReplica): Replica =>
  frames.reduce((replica, frame) => receive(replica, frame).replica, from)

describe('a receiver of state frames (STATE-4 to STATE-8)', () => {
  it('property 1: holds exactly what was published where it stands, whatever arrives', () => {
    fc.assert(
      fc.property(arbitraryRun, ({ published, delivered }) => {
        let replica = emptyReplica
        for (const { frame } of delivered) {
          const before = replica.held
          replica = receive(replica, frame).replica
          if (before && replica.held) expect(isNewer(before, replica.held)).toBe(false)
          if (replica.held) expect(replica.held.state).toEqual(truthAt(published, replica.held))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('property 1: converges with one delivered frame of a known keyframe', () => {
    fc.assert(
      fc.property(arbitraryRun, ({ published, delivered }) => {
        const last = published.at(-1)
        if (!last) return
        const replica = deliver(delivered.map(({ frame }) => frame))
        const known = replica.held?.gen === last.frame.gen && replica.held.k === last.frame.k
        fc.pre(known || 'full' in last.frame)
        const { held } = receive(replica, last.frame).replica
        expect(held?.state).toEqual(last.truth)
      }),
    )
  })

  it('property 1: converges with one sync, from anywhere', () => {
    fc.assert(
      fc.property(arbitraryRun, ({ published, delivered }) => {
        const last = published.at(-1)
        if (!last) return
        const { gen, seq, k } = last.frame
        const replica = deliver(delivered.map(({ frame }) => frame))
        const { held, waiting } = receive(replica, { gen, seq, k, full: last.truth }).replica
        expect(held?.state).toEqual(last.truth)
        expect(waiting).toBeUndefined()
      }),
    )
  })

  it('property 5: ends the same in every order and with every repetition', () => {
    fc.assert(
      fc.property(
        steps.chain((walk) => {
          const frames = publishAll(walk).map(({ frame }) => frame)
          return fc.record({
            frames: fc.constant(frames),
            shuffled: fc.shuffledSubarray([...frames, ...frames], {
              minLength: frames.length * 2,
            }),
          })
        }),
        ({ frames, shuffled }) => {
          expect(deliver(shuffled)).toEqual(deliver(frames))
        },
      ),
    )
  })

  it('asks for a sync only for a newer delta whose keyframe it does not know', () => {
    const gen = generationOf(5, 'agent')
    const unknown = receive(emptyReplica, { gen, seq: 7, k: 6, patch: {} })
    expect(unknown.verdict).toBe('unknown keyframe')
    expect(receive(unknown.replica, { gen, seq: 7, k: 6, patch: {} }).verdict).toBe('ignored')
  })

  it('completes an overtaken keyframe with the delta that came before it', () => {
    const gen = generationOf(5, 'agent')
    const full = { connection: {}, status: {}, temperature: {}, job: {}, progress: {} }
    const early = receive(emptyReplica, { gen, seq: 2, k: 1, patch: { status: { text: 'x' } } })
    const { replica, verdict } = receive(early.replica, { gen, seq: 1, k: 1, full })
    expect(verdict).toBe('taken')
    expect(replica.held).toMatchObject({ seq: 2, k: 1, state: { status: { text: 'x' } } })
    expect(replica.waiting).toBeUndefined()
  })
})
