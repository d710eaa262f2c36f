import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { celsiusOf, decodeColumn, encodeColumn, tenthsOf } from '../../protocol/history-codec.ts'

const column = fc.oneof(
  fc.array(fc.integer({ min: -3000, max: 20_000 }), { maxLength: 200 }),
  // Noise around a target: what a heater that has settled gives.
  fc.array(fc.integer({ min: 2098, max: 2102 }), { maxLength: 200 }),
)

it('gives back every column as it was', () => {
  fc.assert(
    fc.property(column, (tenths) => {
      expect(decodeColumn(encodeColumn(tenths), tenths.length)).toEqual(tenths)
    }),
  )
})

it('never needs more than two numbers a sample', () => {
  fc.assert(
    fc.property(column, (tenths) => {
      expect(encodeColumn(tenths).length).toBeLessThanOrEqual(2 * tenths.length)
    }),
  )
})

it('writes a steady temperature and a steady slope as one run each', () => {
  expect(encodeColumn([600, 600, 600, 605, 610, 615])).toEqual([600, 1, 0, 2, 5, 3])
})

it('refuses pairs of another length, whatever they claim', () => {
  expect(decodeColumn([1, 1e15], 10)).toBeUndefined()
  expect(decodeColumn([1, -1], 10)).toBeUndefined()
  expect(decodeColumn([1], 1)).toBeUndefined()
  expect(decodeColumn([1, 2], 3)).toBeUndefined()
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(600), (pairs, length) => {
      const tenths = decodeColumn(pairs, length)
      expect(tenths === undefined || tenths.length === length).toBe(true)
    }),
  )
})

it('keeps temperatures to a tenth of a degree', () => {
  fc.assert(
    fc.property(fc.double({ min: -300, max: 2000, noNaN: true }), (celsius) => {
      expect(Math.abs(celsiusOf(tenthsOf(celsius)) - celsius)).toBeLessThanOrEqual(0.05 + 1e-9)
    }),
  )
})
