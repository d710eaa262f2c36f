import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createFramesGuard } from '../../../local/gateway/frames-guard.ts'
import { frame, frameHeader } from './raw.ts'

const limit = 200

/** Cuts the bytes at these places and passes the pieces one by one. */
const passInPieces = (bytes: Buffer, cuts: readonly number[]) => {
  const guard = createFramesGuard(limit)
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), 0, bytes.length]
  places.sort((a, b) => a - b)
  const passed = places
    .slice(1)
    .map((end, at) => Buffer.from(guard.pass(bytes.subarray(places[at] ?? 0, end))))
  return { passed: Buffer.concat(passed), tripped: guard.tripped() }
}

const fine = fc.array(
  fc.record({ size: fc.nat(limit), first: fc.constantFrom(0x81, 0x01, 0x80, 0x82, 0x89) }),
  { maxLength: 12 },
)
const cuts = fc.array(fc.nat(10_000), { maxLength: 60 })
const bytesOf = (frames: { size: number; first: number }[]) =>
  Buffer.concat(frames.map(({ size, first }) => frame(Buffer.alloc(size, 'y'), first)))

it('passes frames within the limit byte for byte, however they are cut', () => {
  fc.assert(
    fc.property(fine, cuts, (frames, places) => {
      const bytes = bytesOf(frames)
      const { passed, tripped } = passInPieces(bytes, places)
      expect(tripped).toBe(false)
      expect(passed.equals(bytes)).toBe(true)
    }),
  )
})

it('replaces the first frame beyond the limit by an impossible header and ends there', () => {
  const tooLong = fc.constantFrom(limit + 1, 300, 65_535, 65_536, 2 ** 31, 2 ** 52)
  fc.assert(
    fc.property(fine, tooLong, fine, cuts, (before, length, after, places) => {
      const bytes = Buffer.concat([bytesOf(before), frameHeader(length), bytesOf(after)])
      const { passed, tripped } = passInPieces(bytes, places)
      expect(tripped).toBe(true)
      const forged = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff])
      expect(passed.equals(Buffer.concat([bytesOf(before), forged]))).toBe(true)
    }),
  )
})

it('survives any bytes and never makes them more than it forges', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), cuts, (garbage, places) => {
      const bytes = Buffer.from(garbage)
      expect(passInPieces(bytes, places).passed.length).toBeLessThanOrEqual(bytes.length + 10)
    }),
  )
})

it('skips an unmasked frame by its length alone', () => {
  const guard = createFramesGuard(limit)
  const bytes = Buffer.concat([Buffer.from([0x81, 3]), Buffer.from('abc'), frame('next')])
  expect(guard.pass(bytes).equals(bytes)).toBe(true)
})
