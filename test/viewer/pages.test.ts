import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withEarlier, withNewest, type Pages } from '../../viewer/parts/pages.ts'

const size = 4
interface Entry {
  readonly n: number
  readonly text: string
}
const keyOf = ({ n }: Entry) => n
/** A page of a log whose entries are 1 to `last`, as the relay gives it. */
const pageOf = (last: number, before = last + 1, text = ''): Pages<Entry, number> => {
  const newest = before - 1
  const oldest = Math.max(1, newest - size + 1)
  const items = Array.from({ length: newest - oldest + 1 }, (_, i) => ({ n: newest - i, text }))
  return { items, before: oldest > 1 ? oldest : undefined }
}

describe('a long list that is shown by pages', () => {
  it('is without a gap and without a double, however it is lengthened and kept up', () => {
    const steps = fc.array(fc.oneof(fc.constant('more' as const), fc.integer({ min: 0, max: 7 })))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), steps, (first, taken) => {
        let last = first
        let page = withNewest(undefined, pageOf(last), keyOf)
        for (const step of taken) {
          if (step !== 'more') page = withNewest(page, pageOf((last += step)), keyOf)
          else if (page.before !== undefined)
            page = withEarlier(page, pageOf(last, page.before), keyOf)
          const { length } = page.items
          expect(page.items.map(keyOf)).toEqual(Array.from({ length }, (_, i) => last - i))
          expect(page.before).toBe(length < last ? last - length + 1 : undefined)
        }
      }),
    )
  })

  it('takes what became of an entry from the newest page', () => {
    const old = withEarlier(pageOf(6), pageOf(6, 3), keyOf)
    const texts = withNewest(old, pageOf(6, 7, 'ended'), keyOf).items.map(({ text }) => text)
    expect(texts).toEqual(['ended', 'ended', 'ended', 'ended', '', ''])
  })

  it('is empty when nothing is left', () => {
    const nothing = { items: [], before: undefined }
    expect(withNewest(pageOf(3), nothing, keyOf)).toEqual(nothing)
  })
})
