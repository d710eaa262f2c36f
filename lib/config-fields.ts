import * as z from 'zod'

/** A text that matches `pattern`; every mistake in it is told as what was expected. */
export const text = (pattern: RegExp, expected: string) =>
  z.string({ error: expected }).regex(pattern, { error: expected })

/** A whole number of the range, both ends included. */
export const whole = (from: number, to: number, unit: string) => {
  const error = `a whole number of ${unit} from ${from} to ${to}`
  return z.int({ error }).min(from, { error }).max(to, { error })
}

export const list = <T extends z.ZodType>(entry: T, expected: string) =>
  z.array(entry, { error: expected })

/** An object that has these fields and no others, so that a misspelt one is told. */
export const fields = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `only the fields ${Object.keys(shape).join(', ')}`
        : `an object with the fields ${Object.keys(shape).join(', ')}`,
  })

export const emailSchema = text(
  /^[^\s@,;"<>]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i,
  'an e-mail address such as you@example.com',
)
export const domainNameSchema = text(
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
  'a domain name in small letters such as printers.example.com',
)
const localOrigin = /^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/
/** A browser's `Origin` header is compared as text, so only its own spelling is taken. */
export const originSchema = z
  .string({ error: 'an origin such as https://dashboard.example.com' })
  .refine((origin) => isOrigin(origin), {
    error:
      'an origin such as https://dashboard.example.com: small letters, no path, no slash at its end, no *',
  })

const isOrigin = (value: string): boolean =>
  URL.canParse(value) &&
  new URL(value).origin === value &&
  (value.startsWith('https://') || localOrigin.test(value)) &&
  !value.includes('*')

/** An https address of an issuer, spelt as in the `iss` of its tokens. */
export const issuerUrlSchema = z
  .string({ error: 'the issuer as in its tokens, such as https://id.example.com' })
  .refine((url) => URL.canParse(url) && url.startsWith('https://') && !/[?#\s]/.test(url), {
    error: 'an https address without ? and #, as in the `iss` of its tokens',
  })

const reason = 'a reason of at least 10 characters'
export const optedOut = '{"yes": false, "because": "<why, at least 10 characters>"}'
/** Switching a protection off needs a written reason, which goes into the template. */
export const optOutSchema = z.strictObject({
  yes: z.literal(false),
  because: z.string({ error: reason }).trim().min(10, { error: reason }),
})
/** A protection that is on unless somebody opted out. */
export const protectionSchema = z.union([z.literal(true), optOutSchema], {
  error: `true, or ${optedOut}`,
})
export type Protection = z.infer<typeof protectionSchema>

export const isOn = (protection: Protection): protection is true => protection === true
