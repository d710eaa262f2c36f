import * as z from 'zod/mini'

/** An e-mail address as it is compared: NFC, lower case. What it may look like beyond the @ is the mail system's affair. */
export const emailSchema = z.pipe(
  z.string().check(z.maxLength(254)),
  z.pipe(
    z.transform((text: string) => text.trim().normalize('NFC').toLowerCase()),
    z.string().check(z.regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, { error: 'name@example.org' })),
  ),
)
