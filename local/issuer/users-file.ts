import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import * as z from 'zod/mini'
import { makeFolders } from '../../agent/disk/make-folders.ts'
import { openGuard } from '../level/guard.ts'
import type { Level } from '../level/level.ts'
import { IssuerError } from './errors.ts'
import { passwordHashSchema } from './password.ts'
import { readPrivate, unwritable, writePrivate } from './private-file.ts'

const userSchema = z.object({
  sub: z.string(),
  email: z.string(),
  name: z.string(),
  /** Absent until somebody who was invited chose one. */
  password: z.optional(passwordHashSchema),
  /** Made by an invitation: it gives no right by itself. */
  invited: z.optional(z.boolean()),
  /** What the one-time link of an invited account holds, as SHA-256, and its end in epoch ms. */
  welcome: z.optional(z.object({ hash: z.string(), until: z.number() })),
})
export type User = z.infer<typeof userSchema>
const usersSchema = z.object({ users: z.array(userSchema) })

const usersFile = (dataDir: string): string => join(dataDir, 'users.json')

export const readUsers = async (dataDir: string): Promise<readonly User[]> =>
  (await readPrivate(usersFile(dataDir), usersSchema))?.users ?? []

/** What a change leaves in the file, and what it answers. */
export interface Changed<T> {
  readonly users: readonly User[]
  readonly answer: T
}

let last: Promise<unknown> = Promise.resolve()

/** Changes the file; one change after the other, of every process on this machine: none is lost. */
export const changeUsers = <T>(
  dataDir: string,
  change: (users: readonly User[]) => Changed<T>,
): Promise<T> => {
  const next = last.then(async () => {
    const free = await takeTurn(dataDir)
    try {
      const before = await readUsers(dataDir)
      const { users, answer } = change(before)
      if (users !== before) await writePrivate(usersFile(dataDir), { users })
      return answer
    } finally {
      await free()
    }
  })
  last = next.catch(() => undefined)
  return next
}

/** A change takes some milliseconds; whoever waits longer (ms) waits for something that hangs. */
const longestTurn = 10_000
/** Between two looks whether it is one's turn, ms. */
const untilNextLook = 20

/** Waits while another process, such as `npm run account`, changes the file. Answers what ends the turn. */
const takeTurn = async (dataDir: string): Promise<() => Promise<void>> => {
  const latest = performance.now() + longestTurn
  for (;;) {
    const guard = await guardOf(dataDir)
    if (guard) return () => guard.close()
    if (performance.now() > latest) throw busy(dataDir)
    await pass(untilNextLook)
  }
}

const guardOf = async (dataDir: string): Promise<Level | undefined> => {
  try {
    makeFolders(dataDir)
    return await openGuard(join(dataDir, 'guard'))
  } catch (cause) {
    throw unwritable(usersFile(dataDir), cause)
  }
}

const busy = (dataDir: string): IssuerError =>
  new IssuerError(
    'accounts_busy',
    `Another process keeps the accounts in ${dataDir} to itself: end it and try again.`,
  )
