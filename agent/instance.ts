import type { Instance } from '../protocol/ids.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** 22 letters hold 131 bits: no two process starts are ever the same. */
const length = 22

/** A name for this process start; never stored, so that a cloned card clones none. */
export const instanceOf = (random: () => number): Instance =>
  Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('')
