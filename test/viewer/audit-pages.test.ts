import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditEntry, AuditPage } from '../../protocol/rest-audit.ts'
import { withEarlier, withNewest } from '../../viewer/site/audit-pages.ts'

const size = 4
const entry = (n: number): AuditEntry => ({
  ...{ id: String(n), at: n, action: 'site_renamed', by: 'a', about: 'b' },
})
/** A page of a log whose entries are 1 to `last`, as the relay gives it. */
const pageOf = (last: number, before = String(last + 1)): AuditPage => {
  const newest = Number(before) - 1
  const oldest = Math.max(1, newest - size + 1)
  const entries = Array.from({ length: newest - oldest + 1 }, (_, i) => entry(newest - i))
  return { entries, ...(oldest > 1 ? { before: String(oldest) } : {}) }
}
const shown = (page: AuditPage) => page.entries.map(({ at }) => at)

describe('the list of what was changed', () => {
  it('is without a gap and without a double, however it is lengthened and kept up', () => {
    const steps = fc.array(fc.oneof(fc.constant('more' as const), fc.integer({ min: 0, max: 7 })))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), steps, (first, taken) => {
        let last = first
        let page = withNewest(undefined, pageOf(last))
        for (const step of taken) {
          if (step !== 'more') page = withNewest(page, pageOf((last += step)))
          else if (page.before !== undefined) page = withEarlier(page, pageOf(last, page.before))
          const length = shown(page).length
          expect(shown(page)).toEqual(Array.from({ length }, (_, i) => last - i))
          expect(page.before).toBe(length < last ? String(last - length + 1) : undefined)
        }
      }),
    )
  })
})
