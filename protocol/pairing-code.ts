import * as z from 'zod/mini'

/** Letters and digits that nobody mixes up: without 0 O, 1 I L, 2 Z, 5 S, 8 B, U V. */
export const pairingLetters = 'ACDEFGHJKMNPQRTWXY34679'
export const pairingLength = 8

/** As people type it: in any case, with a dash or blanks. */
export const pairingCodeSchema = z.pipe(
  z.string().check(z.maxLength(32)),
  z.pipe(
    z.transform((text: string) => text.toUpperCase().replace(/[\s-]/g, '')),
    z.string().check(
      z.regex(new RegExp(`^[${pairingLetters}]{${pairingLength}}$`), {
        error: `${pairingLength} letters and digits, such as ACDE-3467`,
      }),
    ),
  ),
)

/** `ACDE-3467`: as it is shown. */
export const shownCode = (code: string): string =>
  `${code.slice(0, pairingLength / 2)}-${code.slice(pairingLength / 2)}`
