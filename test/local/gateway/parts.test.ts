import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endingOfError } from '../../../local/gateway/endings.ts'
import { seededRandom } from '../../../local/gateway/random.ts'
import { requestTime } from '../../../local/gateway/request-time.ts'
import { createRisingClock } from '../../../local/gateway/rising-clock.ts'
import { createTokenBucket } from '../../../local/gateway/token-bucket.ts'

describe('the rising clock', () => {
  it('strictly rises whatever the clock does, from above its floor', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(), { minLength: 1 }), (floor, readings) => {
        let at = 0
        const clock = createRisingClock(() => readings[at++] ?? 0, floor)
        const times = readings.map(() => clock.next())
        expect(times.every((time, i) => time > (times[i - 1] ?? floor))).toBe(true)
        expect(clock.last()).toBe(times.at(-1))
      }),
    )
  })
})

describe('the token bucket', () => {
  it('never lets more pass than burst plus rate times the time', () => {
    const steps = fc.array(fc.integer({ min: -50, max: 500 }), { maxLength: 200 })
    fc.assert(
      fc.property(fc.nat(100), fc.nat(20), steps, (perSecond, burst, waits) => {
        let now = 0
        let forward = 0
        const bucket = createTokenBucket(perSecond, burst, () => now)
        let passed = 0
        for (const wait of waits) {
          now += wait
          forward += Math.max(0, wait)
          if (bucket.take()) passed += 1
        }
        expect(passed).toBeLessThanOrEqual(burst + (forward * perSecond) / 1000 + 1e-6)
      }),
    )
  })
})

describe('seeded random', () => {
  it('stays in [0, 1), repeats for a seed and is about even', () => {
    const random = seededRandom(42)
    const values = Array.from({ length: 10_000 }, () => random())
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
    const again = seededRandom(42)
    expect(values.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => again()))
  })
})

it('writes request times in common log format', () => {
  expect(requestTime(Date.UTC(2026, 11, 31, 23, 59, 9))).toBe('31/Dec/2026:23:59:09 +0000')
})

it('tells a parser refusal from a socket that broke', () => {
  const error = (code: string) => Object.assign(new TypeError('x'), { code })
  expect(endingOfError(error('ECONNRESET')).code).toBe(1006)
  expect(endingOfError(error('WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')).code).toBe(1009)
  expect(endingOfError(error('WS_ERR_INVALID_OPCODE')).code).toBe(1002)
})
