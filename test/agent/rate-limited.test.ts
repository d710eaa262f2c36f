import { describe, expect, it } from 'vitest'
import type { ErrorFrame } from '../../protocol/error-frame.ts'
import { Bench } from './support/bench.ts'
import { ready, warm } from './support/states.ts'

const limited = (retryAfter: number): ErrorFrame => ({
  type: 'error',
  code: 'rate_limited',
  message: 'Too many frames.',
  retryable: true,
  requestId: 'r',
  retryAfter,
})

describe('a frame that came too soon', () => {
  it('is followed by nothing until the relay takes more, then by the newest state', () => {
    const bench = Bench.open(ready)
    bench.sample(warm(ready, 30))
    bench.hear(limited(4000))
    bench.sent()
    bench.sample(warm(ready, 40))
    bench.pass(2000)
    bench.sample(warm(ready, 50))
    bench.pass(1999)
    expect(bench.sent()).toEqual([])
    bench.pass(1)
    const [first, ...more] = bench.sent()
    expect(JSON.stringify(first)).toContain('50')
    expect(more).toEqual([])
  })

  it('is told', () => {
    const bench = Bench.open(ready)
    bench.hear(limited(1000))
    expect(bench.effects).toContainEqual(
      expect.objectContaining({ type: 'complain', code: 'rate_limited' }),
    )
  })

  it('holds a hello back too, which a resync then gets when it may go', () => {
    const bench = Bench.open(ready)
    bench.hear(limited(4000))
    bench.sent()
    bench.hear({ type: 'resync' })
    bench.pass(3999)
    expect(bench.sent()).toEqual([])
    bench.pass(1)
    expect(bench.sent()).toMatchObject([{ action: 'hello' }])
  })
})
