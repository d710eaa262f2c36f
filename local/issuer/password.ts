import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import * as z from 'zod/mini'

export const passwordHashSchema = z.object({
  salt: z.string(),
  hash: z.string(),
  /** scrypt's N; r is 8 and p is 1. */
  cost: z.int().check(z.minimum(2 ** 14), z.maximum(2 ** 20)),
})
export type PasswordHash = z.infer<typeof passwordHashSchema>

/** 32 MB and about 80 ms; source: OWASP's table of scrypt settings takes N = 2^15 with p = 3. */
const presentCost = 2 ** 15
const hashBytes = 32

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16).toString('base64url')
  const hash = await derived(password, salt, presentCost)
  return { salt, hash: hash.toString('base64url'), cost: presentCost }
}

/** Whether the password is the one that was hashed; takes as long when there is no such account. */
export async function passwordFits(password: string, kept: PasswordHash | undefined) {
  const { salt, hash, cost } = kept ?? nobody
  const given = await derived(password, salt, cost)
  const expected = Buffer.from(hash, 'base64url')
  const same = given.length === expected.length && timingSafeEqual(given, expected)
  return same && kept !== undefined
}

const nobody: PasswordHash = { salt: 'nobody', hash: '', cost: presentCost }

const derived = (password: string, salt: string, cost: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { N: cost, r: 8, p: 1, maxmem: 256 * cost * 8 }
    scrypt(password.normalize('NFC'), salt, hashBytes, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
