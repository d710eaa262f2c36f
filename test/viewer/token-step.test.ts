import { describe, expect, it } from 'vitest'
import { tokenStep } from '../../viewer/site/token-step.ts'

describe('a new token', () => {
  it.each([
    [[1], [1], 'awaited'],
    [[1], [1, 2], 'given'],
    [[1], [2], 'used'],
    [[3, 4], [4, 5], 'given'],
    [[3, 4], [4], 'awaited'],
    [[3, 4], [5], 'used'],
    [[1], [], 'awaited'],
    [[], [], 'awaited'],
    [[], [6], 'given'],
  ] as const)('after %j and with %j is %s', (before, now, step) => {
    expect(tokenStep(before, now)).toBe(step)
  })
})
