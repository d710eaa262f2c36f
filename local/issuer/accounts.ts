import { randomUUID } from 'node:crypto'
import { IssuerError } from './errors.ts'
import { hashPassword, passwordFits } from './password.ts'
import { changeUsers, readUsers } from './users-file.ts'

/** Who signed in, as the tokens tell it. */
export interface Account {
  readonly sub: string
  readonly email: string
  readonly name: string
}

/** The account of the one-click sign-in, which exists only where it is asked for, on loopback. */
export const demoViewer: Account = {
  sub: 'demo-viewer',
  email: 'demo@fluxrelay.invalid',
  name: 'Demo viewer',
}

export interface Accounts {
  find(sub: string): Promise<Account | undefined>
  /** The account when e-mail and password fit. */
  signIn(email: string, password: string): Promise<Account | undefined>
}

/** The accounts in `users.json`, read anew each time, so that a user added meanwhile can sign in. */
export function fileAccounts(dataDir: string, { demo }: { demo: boolean }): Accounts {
  return {
    async find(sub) {
      if (sub === demoViewer.sub) return demo ? demoViewer : undefined
      const user = (await readUsers(dataDir)).find((one) => one.sub === sub)
      return user && accountOf(user)
    },
    async signIn(email, password) {
      const user = (await readUsers(dataDir)).find((one) => one.email === sameForm(email))
      return (await passwordFits(password, user?.password)) && user ? accountOf(user) : undefined
    },
  }
}

export interface NewUser {
  readonly email: string
  readonly password: string
  readonly name: string
}

/** Adds somebody who may sign in with a password of at least 10 characters. */
export async function addUser(
  dataDir: string,
  { email, password, name }: NewUser,
): Promise<Account> {
  checkEmail(sameForm(email))
  checkPassword(password)
  const account = {
    sub: randomUUID(),
    email: sameForm(email),
    name: name.trim() || sameForm(email),
  }
  const user = { ...account, password: await hashPassword(password) }
  return changeUsers(dataDir, (users) => {
    if (users.some((one) => one.email === user.email))
      throw new IssuerError('user_exists', `${user.email} is a user already.`)
    return { users: [...users, user], answer: account }
  })
}

/**
 * Removes somebody. The last one who was added stays: without them the relay would have no owner,
 * and could not start; who wants the last account replaced adds the next one first.
 */
export const removeUser = (dataDir: string, email: string): Promise<Account> =>
  changeUsers(dataDir, (users) => {
    const user = users.find((one) => one.email === sameForm(email))
    if (user === undefined)
      throw new IssuerError('no_such_user', `${sameForm(email)} is no user here.`)
    const added = users.filter(({ invited }) => invited !== true)
    if (added.length === 1 && added[0] === user)
      throw new IssuerError('last_user', `${user.email} is the last user: add another one first.`)
    return { users: users.filter((one) => one !== user), answer: accountOf(user) }
  })

export interface Member extends Account {
  /** Made by an invitation to a site or printer, and not by the operator. */
  readonly invited: boolean
}

/** Everybody who has an account, in the order in which they were made. */
export const listUsers = async (dataDir: string): Promise<Member[]> =>
  (await readUsers(dataDir)).map((user) => ({
    ...accountOf(user),
    invited: user.invited === true,
  }))

const accountOf = ({ sub, email, name }: Account): Account => ({ sub, email, name })
/** An address as it is kept and compared. */
export const sameForm = (email: string): string => email.trim().normalize('NFC').toLowerCase()

export function checkEmail(email: string): void {
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) {
    throw new IssuerError('invalid_user', 'The e-mail address must look like name@example.org.')
  }
}

export function checkPassword(password: string): void {
  if (password.length < 10 || password.length > 200) {
    throw new IssuerError('invalid_user', 'The password must have 10 to 200 characters.')
  }
}
