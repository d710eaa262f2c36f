import { resolve } from 'node:path'
import { addUser, listUsers, removeUser } from '../issuer/accounts.ts'
import type { Terminal } from '../../agent/terminal.ts'
import { askPassword } from './ask-password.ts'
import { foldersIn } from './home.ts'
import { defaultDataDir } from './options.ts'
import { parseCommand, silentCommand } from './parse-command.ts'

type Work = (terminal: Terminal) => Promise<string[]>

/**
 * `npm run account -- …`: who may sign in where the demo account does not exist. It only writes the
 * accounts' file; a running relay takes the change over by itself (see account-grants.ts). Answers
 * the lines to print.
 */
export const runAccountCommand = async (
  args: readonly string[],
  terminal: Terminal,
): Promise<string[]> => {
  let work: Work = async () => []
  parseCommand(
    accountCommand((chosen) => (work = chosen)),
    args,
    'npm run account -- --help',
  )
  return work(terminal)
}

interface Flags {
  readonly data: string
  readonly name?: string
}

const issuerFolder = ({ data }: Flags): string => foldersIn(resolve(data)).issuer

const accountCommand = (choose: (work: Work) => void) => {
  const command = silentCommand('npm run account --').description('Who may sign in to this relay.')
  const part = (usage: string, description: string) =>
    command
      .command(usage)
      .description(description)
      .option('--data <folder>', 'the data folder of the relay', defaultDataDir)
      .allowExcessArguments(false)
  part('add <email>', 'lets somebody sign in; the password is asked, or read from a pipe')
    .option('--name <name>', 'how they are called on screen')
    .action((email: string, flags: Flags) => choose((terminal) => add(email, flags, terminal)))
  part('list', 'shows who may').action((flags: Flags) => choose(() => list(flags)))
  part('remove <email>', 'takes the account and all that it could see away').action(
    (email: string, flags: Flags) => choose(() => remove(email, flags)),
  )
  return command
}

const add = async (email: string, flags: Flags, terminal: Terminal): Promise<string[]> => {
  const password = await askPassword(terminal)
  const account = await addUser(issuerFolder(flags), { email, password, name: flags.name ?? '' })
  return [`${account.email} may sign in.`]
}

const list = async (flags: Flags): Promise<string[]> => {
  const users = await listUsers(issuerFolder(flags))
  return users.map(({ email, name, invited }) =>
    [email, ...(name === email ? [] : [name]), ...(invited ? ['(invited)'] : [])].join('  '),
  )
}

const remove = async (email: string, flags: Flags): Promise<string[]> => {
  const account = await removeUser(issuerFolder(flags), email)
  return [`${account.email} can no longer sign in. A running relay lets them go within seconds.`]
}
