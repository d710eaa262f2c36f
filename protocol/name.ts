import * as z from 'zod/mini'
import { limits } from './limits.ts'

/** Controls, line breaks, and marks that turn the direction of what stands beside them. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u

/** A name that people give, in any script: without what cannot be seen, in one form (NFC), not empty. */
export const nameSchema = z.pipe(
  z.string().check(
    z.maxLength(4 * limits.nameText),
    z.refine((text) => !unseen.test(text), { error: 'no control or direction characters' }),
  ),
  z.pipe(
    z.transform((text: string) => text.normalize('NFC').trim().replace(/\s+/gu, ' ')),
    z.string().check(z.minLength(1), z.maxLength(limits.nameText)),
  ),
)

/** The same as it is stored and answered. */
export const givenNameSchema = z.string().check(z.maxLength(limits.shortText))
