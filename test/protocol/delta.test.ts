import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyPatch, changedFields, patchOf } from '../../protocol/delta.ts'
import { emptyState, patchSchema, printerStateSchema } from '../../protocol/printer-state.ts'
import { arbitraryState } from '../support/arbitrary-state.ts'
import { sameState } from '../support/same-state.ts'

describe('the delta algebra', () => {
  it('takes any state to any other with the patch of their changed fields', () => {
    fc.assert(
      fc.property(arbitraryState, arbitraryState, (before, after) => {
        const patch = patchOf(after, changedFields(before, after))
        expect(applyPatch(before, patch)).toEqual(after)
      }),
    )
  })

  it('takes every state since the keyframe to the newest with one cumulative patch', () => {
    fc.assert(
      fc.property(fc.array(arbitraryState, { minLength: 2, maxLength: 8 }), (walk) => {
        const touched = new Set<string>()
        for (const [index, state] of walk.entries()) {
          const before = walk[index - 1]
          if (before) for (const field of changedFields(before, state)) touched.add(field)
        }
        const last = walk.at(-1) ?? emptyState
        for (const state of walk) expect(applyPatch(state, patchOf(last, touched))).toEqual(last)
      }),
    )
  })

  it('is idempotent', () => {
    fc.assert(
      fc.property(arbitraryState, arbitraryState, (before, after) => {
        const patch = patchOf(after, changedFields(before, after))
        const once = applyPatch(before, patch)
        expect(applyPatch(once, patch)).toEqual(once)
      }),
    )
  })

  it('survives the way over the wire', () => {
    fc.assert(
      fc.property(arbitraryState, arbitraryState, (before, after) => {
        const patch = patchOf(after, changedFields(before, after))
        expect(patchSchema.parse(JSON.parse(JSON.stringify(patch)))).toEqual(patch)
        expect(printerStateSchema.parse(JSON.parse(JSON.stringify(after)))).toEqual(after)
      }),
    )
  })

  it('needs the fields that went back: a patch of the differences alone diverges', () => {
    const keyframe = { ...emptyState, status: { paused: false } }
    const between = { ...emptyState, status: { paused: true } }
    const back = keyframe
    const onlyDifferences = patchOf(back, changedFields(keyframe, back))
    expect(sameState(applyPatch(between, onlyDifferences), back)).toBe(false)
  })

  it('replaces an array whole and removes by null', () => {
    const before = { ...emptyState, job: { filamentLength: [1, 2], name: 'a' } }
    const after = applyPatch(before, { job: { filamentLength: [3], name: null } })
    expect(after.job).toEqual({ filamentLength: [3] })
  })
})
