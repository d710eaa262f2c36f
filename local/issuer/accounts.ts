import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { IssuerError } from './errors.ts'
import { hashPassword, passwordFits, passwordHashSchema } from './password.ts'
import { readPrivate, writePrivate } from './private-file.ts'

const userSchema = z.object({
  sub: z.string(),
  email: z.string(),
  name: z.string(),
  password: passwordHashSchema,
})
const usersSchema = z.object({ users: z.array(userSchema) })

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
  checkUser(sameForm(email), password)
  const users = await readUsers(dataDir)
  if (users.some((one) => one.email === sameForm(email))) {
    throw new IssuerError('user_exists', `${sameForm(email)} is a user already.`)
  }
  const account = {
    sub: randomUUID(),
    email: sameForm(email),
    name: name.trim() || sameForm(email),
  }
  const user = { ...account, password: await hashPassword(password) }
  await writePrivate(usersFile(dataDir), { users: [...users, user] })
  return account
}

/**
 * Removes somebody. The last one stays: without anybody the relay would have no owner, and could not
 * start; who wants the last account replaced adds the next one first.
 */
export async function removeUser(dataDir: string, email: string): Promise<Account> {
  const users = await readUsers(dataDir)
  const user = users.find((one) => one.email === sameForm(email))
  if (user === undefined) {
    throw new IssuerError('no_such_user', `${sameForm(email)} is no user here.`)
  }
  if (users.length === 1) {
    throw new IssuerError('last_user', `${user.email} is the last user: add another one first.`)
  }
  await writePrivate(usersFile(dataDir), { users: users.filter((one) => one !== user) })
  return accountOf(user)
}

/** Everybody who was added, in that order. */
export const listUsers = async (dataDir: string): Promise<Account[]> =>
  (await readUsers(dataDir)).map(accountOf)

const usersFile = (dataDir: string): string => join(dataDir, 'users.json')
const readUsers = async (dataDir: string) =>
  (await readPrivate(usersFile(dataDir), usersSchema))?.users ?? []
const accountOf = ({ sub, email, name }: Account): Account => ({ sub, email, name })
const sameForm = (email: string): string => email.trim().normalize('NFC').toLowerCase()

function checkUser(email: string, password: string): void {
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) {
    throw new IssuerError('invalid_user', 'The e-mail address must look like name@example.org.')
  }
  if (password.length < 10 || password.length > 200) {
    throw new IssuerError('invalid_user', 'The password must have 10 to 200 characters.')
  }
}
