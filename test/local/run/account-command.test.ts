import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listUsers } from '../../../local/issuer/accounts.ts'
import { inviteAccount } from '../../../local/issuer/invited-account.ts'
import { runAccountCommand } from '../../../local/run/account-command.ts'
import type { Terminal } from '../../../agent/terminal.ts'
import { spawnEntry } from '../../support/start-process.ts'
import { tempFolder } from '../issuer/support.ts'

let dir: string
let remove: () => Promise<void>
beforeEach(async () => {
  ;({ dir, remove } = await tempFolder())
})
afterEach(() => remove())

const typed = (text: string, interactive: boolean): Terminal & { said: string[] } => {
  const input = new PassThrough()
  input.end(text)
  const said: string[] = []
  return { input, interactive, said, say: (line) => void said.push(line) }
}

const run = (args: readonly string[], terminal: Terminal = typed('', false)) =>
  runAccountCommand([...args, '--data', dir], terminal)

const add = (email: string, ...more: string[]) =>
  run(['add', email, ...more], typed('correct horse\n', false))

describe('npm run account', () => {
  it('adds, lists and removes', async () => {
    expect(await add('Ada@Example.org', '--name', 'Ada')).toEqual(['ada@example.org may sign in.'])
    await add('bob@example.org')
    expect(await run(['list'])).toEqual(['ada@example.org  Ada', 'bob@example.org'])
    expect((await run(['remove', 'ada@example.org']))[0]).toContain('can no longer sign in')
    expect(await run(['list'])).toEqual(['bob@example.org'])
    expect(await readFile(join(dir, 'issuer/users.json'), 'utf8')).not.toContain('correct horse')
  })

  it('asks a person twice and shows nothing of what they type', async () => {
    const terminal = typed('correct horse\rcorrect horse\r', true)
    await run(['add', 'ada@example.org'], terminal)
    expect(terminal.said.join('')).toBe('Password (10 characters or more): \nOnce more: \n')
    expect(await run(['list'])).toHaveLength(1)
  })

  it.each([
    ['passwords that differ', typed('correct horse\rbattery staple\r', true), /differ/],
    ['no password', typed('', false), /no password/],
    ['Ctrl-C', typed('correct\u0003', true), /no password/],
    ['a short password', typed('short\n', false), /10 to 200/],
  ])('changes nothing for %s', async (_what, terminal, told) => {
    await expect(run(['add', 'ada@example.org'], terminal)).rejects.toThrow(told)
    expect(await run(['list'])).toEqual([])
  })

  it.each([
    [['add', 'nobody'], /name@example.org/],
    [['add', 'ada@example.org'], /is a user already/],
    [['remove', 'bob@example.org'], /is no user here/],
    [['remove', 'ada@example.org'], /last user/],
    [['add'], /missing required argument/],
    [['list', 'extra'], /too many arguments/],
    [['lend'], /unknown command|too many arguments/],
  ])('refuses %s', async (args, told) => {
    await add('ada@example.org')
    const terminal = typed('correct horse\n', false)
    await expect(run(args, terminal)).rejects.toThrow(told)
    expect(await run(['list'])).toEqual(['ada@example.org'])
  })

  it('says what it can do when it is told nothing', async () => {
    const told = runAccountCommand([], typed('', false))
    await expect(told).rejects.toThrow('say what to do (see: npm run account -- --help)')
  })

  it('is a process that reads the password from a pipe and fails with one line and code 2', async () => {
    const args = ['add', 'ada@example.org', '--data', dir]
    const input = 'correct horse\n'
    const entry = 'local/accounts-main.ts'
    expect(await spawnEntry(entry, args, { input }).ended).toMatchObject({
      ...{ code: 0, stdout: 'ada@example.org may sign in.\n', stderr: '' },
    })
    expect(await spawnEntry(entry, args, { input }).ended).toMatchObject({
      ...{ code: 2, stdout: '', stderr: 'fluxrelay: ada@example.org is a user already.\n' },
    })
  })

  it('loses no change that another process makes at the same time', async () => {
    const entry = 'local/accounts-main.ts'
    const others = ['bob', 'cat', 'dan'].map((name) => {
      const args = ['add', `${name}@example.org`, '--data', dir]
      return spawnEntry(entry, args, { input: 'correct horse\n' }).ended
    })
    let running = true
    void Promise.all(others).then(() => (running = false))
    const issuer = join(dir, 'issuer')
    const invited: string[] = []
    for (let n = 0; running; n++) {
      invited.push(`guest-${n}@example.org`)
      await inviteAccount(issuer, `guest-${n}@example.org`, 0)
    }
    for (const { code } of await Promise.all(others)) expect(code).toBe(0)
    const added = ['bob@example.org', 'cat@example.org', 'dan@example.org']
    expect((await listUsers(issuer)).map(({ email }) => email).sort()).toEqual(
      [...added, ...invited].sort(),
    )
  })
})
