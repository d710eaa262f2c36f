import { limits } from '../../protocol/limits.ts'
import { bytesOf } from '../../protocol/parse-frame.ts'

/** A write unit of the store is 1 KB; what `oneWriteBytes` leaves of it is the other attributes. */
const unit = 1024

/**
 * How many bytes of patch a keyframe of `bytes` may gather before a new keyframe is cheaper.
 * The item is kept within the write units that its keyframe needs anyway: 900 bytes together for
 * a small one, the next KB step for a larger one (a print with a file name is about 950 bytes). At
 * least a quarter of the keyframe is left for the patch: else a keyframe that almost fills its
 * step would be followed by nothing but keyframes, which cost more than one unit.
 */
export const patchBudget = (bytes: number): number => {
  const least = Math.max(256, bytes / 4)
  let room = limits.oneWriteBytes - bytes
  while (room < least) room += unit
  return room
}

export const jsonBytes = (value: object): number => bytesOf(JSON.stringify(value))
