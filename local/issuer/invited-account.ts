import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { checkEmail, checkPassword, sameForm } from './accounts.ts'
import { hashPassword } from './password.ts'
import { changeUsers, readUsers, type User } from './users-file.ts'

/** As long as an invitation to a site (ms). */
const welcomeMs = 7 * 24 * 60 * 60_000

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

export type Invited =
  | { readonly state: 'known' }
  /** The secret of the one-time link under which the password is chosen; it is kept hashed. */
  | { readonly state: 'made'; readonly secret: string }

/**
 * Makes an account without a password for an invited address. Invited again before a password was
 * chosen, it gets another link, and the one before opens nothing any more.
 */
export const inviteAccount = (dataDir: string, address: string, now: number): Promise<Invited> => {
  const email = sameForm(address)
  checkEmail(email)
  const secret = randomBytes(32).toString('base64url')
  const welcome = { hash: hashOf(secret), until: now + welcomeMs }
  return changeUsers<Invited>(dataDir, (users) => {
    const known = users.find((one) => one.email === email)
    if (known?.password) return { users, answer: { state: 'known' } }
    const before = known ?? { sub: randomUUID(), email, name: email, invited: true }
    const others = users.filter((one) => one !== known)
    return { users: [...others, { ...before, welcome }], answer: { state: 'made', secret } }
  })
}

const opens =
  (secret: string, now: number) =>
  ({ welcome }: User): boolean =>
    welcome !== undefined && welcome.until > now && welcome.hash === hashOf(secret)

/**
 * Sets the password of the account that a one-time link is for, and uses the link up; answers its
 * address, or nothing when the link is unknown, used or too old.
 */
export const choosePassword = async (
  dataDir: string,
  { secret, password, now }: { secret: string; password: string; now: number },
): Promise<string | undefined> => {
  // Known first: hashing a password costs 80 ms, which nobody without a link may cause.
  if (!(await readUsers(dataDir)).some(opens(secret, now))) return undefined
  checkPassword(password)
  const hash = await hashPassword(password)
  return changeUsers(dataDir, (users) => {
    const user = users.find(opens(secret, now))
    if (!user) return { users, answer: undefined }
    const set = { ...user, password: hash, welcome: undefined }
    const changed = users.map((one) => (one === user ? set : one))
    return { users: changed, answer: user.email }
  })
}
