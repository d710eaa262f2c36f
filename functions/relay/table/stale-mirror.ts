import { equal } from './condition.ts'
import type { Ports } from '../ports.ts'
import type { Item } from './table.ts'

/** A mirror younger than this (ms) may be of something that is just being made. */
const youngMs = 60_000

/**
 * Drops a mirror whose truth is not there, unless that may just be on its way. Whoever makes the
 * truth meanwhile has written the mirror anew, with another time: that one stays.
 */
export const dropStaleMirror = async (ports: Ports, mirror: Item): Promise<void> => {
  const { pk, sk, at } = mirror
  if (typeof at === 'number' && ports.now() - at > youngMs)
    await ports.directory.delete({ pk, sk }, equal('at', at))
}
