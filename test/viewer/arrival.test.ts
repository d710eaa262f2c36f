import { describe, expect, it } from 'vitest'
import { arrivedIn } from '../../viewer/joining/arrival.ts'

const printer = (id: string, name = 'Voron', site = 's') => ({ id, name, site: { id: site } })
const awaited = { siteId: 's', name: 'Voron', known: ['old'] }

describe('an awaited printer', () => {
  it('is the new one of that name on that site', () => {
    expect(arrivedIn([printer('old'), printer('new')], awaited)).toBe('new')
  })

  it('is none that was there before, is called otherwise or is elsewhere', () => {
    const others = [printer('old'), printer('a', 'Prusa'), printer('b', 'Voron', 't')]
    expect(arrivedIn(others, awaited)).toBeUndefined()
  })
})
