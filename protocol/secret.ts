import * as z from 'zod/mini'

/** The secret of an invitation or a share link: 256 random bits in base64url. It travels in bodies only. */
export const secretSchema = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/))

/** The SHA-256 of a secret: names an invitation or a link, and opens nothing. */
export const secretHashSchema = z.string().check(z.regex(/^[0-9a-f]{64}$/))

/** `frg_<secret>`: what a guest of a share link shows instead of a sign-in. */
export const guestTokenSchema = z.string().check(z.regex(/^frg_[A-Za-z0-9_-]{43}$/))
