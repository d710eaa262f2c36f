import { join } from 'node:path'
import * as z from 'zod/mini'
import { passwordHashSchema } from './password.ts'
import { readPrivate, writePrivate } from './private-file.ts'

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

/** Changes the file; one change of this process after the other, so that none is lost. */
export const changeUsers = <T>(
  dataDir: string,
  change: (users: readonly User[]) => Changed<T>,
): Promise<T> => {
  const next = last.then(async () => {
    const before = await readUsers(dataDir)
    const { users, answer } = change(before)
    if (users !== before) await writePrivate(usersFile(dataDir), { users })
    return answer
  })
  last = next.catch(() => undefined)
  return next
}
