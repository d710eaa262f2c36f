import { describe, expect, it } from 'vitest'
import { restartGap, restartIn } from '../../viewer/frame/restart-in.ts'

describe('a link that a withdrawn right ended', () => {
  it('begins anew at once the first time, and after a while of peace', () => {
    expect(restartIn(undefined, 12)).toBe(0)
    expect(restartIn(1_000, 1_000 + restartGap)).toBe(0)
    expect(restartIn(1_000, 1_000_000)).toBe(0)
  })

  it('waits the rest of the gap when it ends again, and never gives up', () => {
    expect(restartIn(1_000, 1_000)).toBe(restartGap)
    expect(restartIn(1_000, 3_000)).toBe(restartGap - 2_000)
  })
})
