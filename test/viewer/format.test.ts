import { describe, expect, it } from 'vitest'
import { age, degrees, duration, finishingTime, percent } from '../../viewer/parts/format.ts'

const minute = 60_000

describe('format', () => {
  it.each([
    [-5, '0s'],
    [12_900, '12s'],
    [5 * minute, '5m'],
    [125 * minute, '2h 5m'],
  ])('says %i ms as %s', (ms, text) => {
    expect(duration(ms, 'en')).toBe(text)
  })

  it('says the finishing time, with the day where that is another', () => {
    const now = Date.UTC(2026, 0, 5, 20, 0)
    expect(finishingTime(now + 90 * minute, now, 'de', 'UTC')).toBe('21:30')
    expect(finishingTime(now + 600 * minute, now, 'de', 'UTC')).toMatch(/^Di.*06:00$/)
  })

  it('keeps one decimal of a temperature, so that the numeral does not jump', () => {
    expect(degrees(60, 'en')).toBe('60.0')
    expect(degrees(214.86, 'de')).toBe('214,9')
  })

  it('says progress without decimals at both ends', () => {
    expect([0, 63.42, 100].map((value) => percent(value, 'en'))).toEqual(['0%', '63.4%', '100%'])
  })

  it('says how old data is', () => {
    expect(age(400, 'en')).toBe('just now')
    expect(age(42_000, 'en')).toBe('42s ago')
  })
})
